def word: "bah";
