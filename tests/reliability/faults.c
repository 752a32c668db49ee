/* Makes one chosen write, fsync, rename, truncation or removal under one folder fail, or ends the process at it.
   Loaded with LD_PRELOAD; does nothing until fault_arm is called. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { COUNT, KILL, KILL_HALFWAY, FAIL_ONCE, FAIL_ON };

static char folder[PATH_MAX];
static long count, chosen;
static int armed, mode, number;

/* Count the steps in `path` from 0, and have step `at` fail with `error`, or kill. */
void fault_arm(const char *path, long at, int how, int error) {
    snprintf(folder, sizeof folder, "%s", path);
    count = 0, chosen = at, mode = how, number = error, armed = 1;
}

long fault_disarm(void) {
    armed = 0;
    return count;
}

static int is_inside(const char *path) { return strncmp(path, folder, strlen(folder)) == 0; }

static int is_inside_file(int file) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_inside(path);
}

/* Say whether the present step is to fail; `errno` is set then. At a kill it does not come back. */
static int fails(void) {
    long here = __atomic_fetch_add(&count, 1, __ATOMIC_SEQ_CST);
    if (mode == COUNT || here < chosen || (here > chosen && mode != FAIL_ON)) return 0;
    if (mode == KILL) kill(getpid(), SIGKILL), pause();
    errno = number;
    return 1;
}

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

/* A write that is cut: half of it is done, then the process ends. */
#define WRITES(call, half, size)                                       \
    if (armed && is_inside_file(file)) {                               \
        long here = count;                                             \
        if (mode == KILL_HALFWAY && here == chosen) {                  \
            half;                                                      \
            kill(getpid(), SIGKILL), pause();                          \
        }                                                              \
        if (fails()) return -1;                                        \
    }                                                                  \
    return call

ssize_t write(int file, const void *data, size_t size) {
    WRITES(REAL(write)(file, data, size), REAL(write)(file, data, size / 2), size);
}
ssize_t pwrite(int file, const void *data, size_t size, off_t at) {
    WRITES(REAL(pwrite)(file, data, size, at), REAL(pwrite)(file, data, size / 2, at), size);
}
ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
    WRITES(REAL(pwrite64)(file, data, size, at), REAL(pwrite64)(file, data, size / 2, at), size);
}
ssize_t writev(int file, const struct iovec *parts, int number_of) {
    WRITES(REAL(writev)(file, parts, number_of), REAL(writev)(file, parts, number_of / 2), 0);
}

#define STEP(inside, call)                    \
    if (armed && (inside) && fails()) return -1; \
    return call

int fsync(int file) { STEP(is_inside_file(file), REAL(fsync)(file)); }
int fdatasync(int file) { STEP(is_inside_file(file), REAL(fdatasync)(file)); }
int ftruncate(int file, off_t size) { STEP(is_inside_file(file), REAL(ftruncate)(file, size)); }
int ftruncate64(int file, off64_t size) { STEP(is_inside_file(file), REAL(ftruncate64)(file, size)); }
int rename(const char *from, const char *to) { STEP(is_inside(to), REAL(rename)(from, to)); }
int renameat(int a, const char *from, int b, const char *to) { STEP(is_inside(to), REAL(renameat)(a, from, b, to)); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
    STEP(is_inside(to), REAL(renameat2)(a, from, b, to, flags));
}
int unlink(const char *path) { STEP(is_inside(path), REAL(unlink)(path)); }
int mkdir(const char *path, mode_t rights) { STEP(is_inside(path), REAL(mkdir)(path, rights)); }
