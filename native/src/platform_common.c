#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "platform.h"
#include "program.h"

#ifdef SEALBAR_TEST_BUILD

/* Tests are run by any user: a file under their folder makes the helper believe that it is root. */
bool platform_is_privileged(void) { return access(AT("/as-root"), F_OK) == 0; }
uid_t platform_owner(void) { return geteuid(); }

#else

bool platform_is_privileged(void) { return geteuid() == 0; }
uid_t platform_owner(void) { return 0; }

#endif

bool platform_is_admin(uid_t uid) {
  enum { MOST_GROUPS = 128 };
  struct passwd *user = getpwuid(uid);
  struct group *admin = getgrnam("admin");
  if (user == NULL || admin == NULL) return false;
  gid_t wanted = admin->gr_gid;
#ifdef __APPLE__
  int groups[MOST_GROUPS];
  int count = MOST_GROUPS;
  if (getgrouplist(user->pw_name, (int)user->pw_gid, groups, &count) < 0) count = MOST_GROUPS;
#else
  gid_t groups[MOST_GROUPS];
  int count = MOST_GROUPS;
  if (getgrouplist(user->pw_name, user->pw_gid, groups, &count) < 0) count = MOST_GROUPS;
#endif
  for (int i = 0; i < count; i++) {
    if ((gid_t)groups[i] == wanted) return true;
  }
  return false;
}
