def second: 1;
def third: 1;
