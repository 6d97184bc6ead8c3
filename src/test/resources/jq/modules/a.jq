module {version: 1.8};

def a: "a";
