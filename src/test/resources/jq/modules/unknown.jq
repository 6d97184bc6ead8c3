def f:
  lenght;
