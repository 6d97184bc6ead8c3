import "circle1" as other;

def f: other::f;
