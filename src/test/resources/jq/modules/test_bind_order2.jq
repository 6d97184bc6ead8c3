def third: 2;
