def word: "meh";
