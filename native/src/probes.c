#include "probes.h"

#include "program.h"

/* Names, programs and limits are normative: they are the protocol's probe table. */
const struct probe PROBES[] = {
    {"csrutil-status", MS(5000), 0, COMMAND(AT("/usr/bin/csrutil"), "status")},
    {"csrutil-authenticated-root", MS(5000), 0, COMMAND(AT("/usr/bin/csrutil"), "authenticated-root", "status")},
    {"spctl-status", MS(5000), 0, COMMAND(AT("/usr/sbin/spctl"), "--status")},
    {"sysctl", MS(2000), 0,
     COMMAND(AT("/usr/sbin/sysctl"), "vm.cs_system_enforcement", "vm.cs_process_enforcement", "vm.cs_force_kill",
             "vm.cs_force_hard", "vm.cs_debug", "vm.cs_debug_fail_on_unsigned_code", "vm.cs_all_vnodes",
             "vm.cs_enforcement_panic", "vm.cs_library_validation", "security.codesigning.config", "kern.bootargs",
             "kern.bootsessionuuid", "kern.boottime")},
    {"nvram", MS(2000), 0, COMMAND(AT("/usr/sbin/nvram"), "boot-args")},
/* Apple silicon keeps SIP's state elsewhere: what lies there in this variable decides nothing (xnu bsd/kern/kern_csr.c). */
#if !defined(__aarch64__)
    {"nvram-csr-active-config", MS(2000), 0, COMMAND(AT("/usr/sbin/nvram"), "csr-active-config")},
#endif
    {"system-profiler-ibridge", MS(10000), 0, COMMAND(AT("/usr/sbin/system_profiler"), "-json", "SPiBridgeDataType")},
    {"system-profiler-software", MS(10000), 0, COMMAND(AT("/usr/sbin/system_profiler"), "-json", "SPSoftwareDataType")},
    {"bputil", MS(5000), 1, COMMAND(AT("/usr/bin/bputil"), "-d")},
    {"mount", MS(2000), 0, COMMAND(AT("/sbin/mount"))},
    {"sw-vers", MS(2000), 0, COMMAND(AT("/usr/bin/sw_vers"))},
    {"xprotect-version", MS(5000), 0, COMMAND(AT("/usr/bin/xprotect"), "version")},
    {"devtools-security", MS(5000), 0, COMMAND(AT("/usr/sbin/DevToolsSecurity"), "-status")},
    {"library-validation", MS(5000), 0,
     COMMAND(AT("/usr/bin/defaults"), "read", "/Library/Preferences/com.apple.security.libraryvalidation",
             "DisableLibraryValidation")},
    {"profiles", MS(5000), 0, COMMAND(AT("/usr/bin/profiles"), "status", "-type", "enrollment")},
};
const size_t PROBE_COUNT = sizeof PROBES / sizeof PROBES[0];
