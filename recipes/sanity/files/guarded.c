/* Copies its argument into too small a place: FORTIFY has to notice, and the stack protector has to be there. */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  char name[8];
  strcpy(name, argv[argc - 1]);
  printf("%s\n", name);
  return 0;
}
