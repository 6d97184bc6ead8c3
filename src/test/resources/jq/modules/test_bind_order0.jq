def first: 0;
def second: 0;
