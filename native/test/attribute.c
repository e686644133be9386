/* Sets an extended attribute where the helper looks for it in tests: PATH NAME VALUE. */
#include <string.h>
#include <sys/xattr.h>

int main(int argc, char *argv[]) {
  if (argc != 4) return 64;
#ifdef __APPLE__
  return setxattr(argv[1], argv[2], argv[3], strlen(argv[3]), 0, 0) == 0 ? 0 : 1;
#else
  return setxattr(argv[1], argv[2], argv[3], strlen(argv[3]), 0) == 0 ? 0 : 1;
#endif
}
