import "circle2" as other;

def f: other::f;
