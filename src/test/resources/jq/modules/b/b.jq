# Found as b/b.jq.
def a: "b";
def b: "c";
