/* Of Linux; the C library shows it only to programs that ask for GNU's extensions. */
int syncfs(int descriptor);
