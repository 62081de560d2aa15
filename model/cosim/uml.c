/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uml: see kernel.h. Everything that a kernel makes its random numbers from, and that can be held, is held: its
 * command line is the same wherever it runs (names in its folder instead of paths), its addresses are not randomised,
 * its environment is empty.
 */
#define _GNU_SOURCE
#include "cosim/uml.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS_MAX 128u

static bool fail(struct dmasim_error *error, const char *what, const char *path)
{
    *error = (struct dmasim_error){.code = DMASIM_IO};
    snprintf(error->text, sizeof error->text, "%s%s%s: %s", what, path ? " " : "", path ? path : "",
             strerror(errno));
    return false;
}

bool uml_init(struct uml *self, struct dmasim_error *error)
{
    *self = (struct uml){.console = -1};
    snprintf(self->folder, sizeof self->folder, "/tmp/dmasim-XXXXXX");
    if (mkdtemp(self->folder))
        return true;
    self->folder[0] = '\0';
    return fail(error, "no folder for sockets in /tmp", NULL);
}

/* In the folder `name` leads to the file. */
static bool put_link(const struct uml *self, const char *name, const char *file,
                     struct dmasim_error *error)
{
    char path[UML_PATH + 16];
    char *real = realpath(file, NULL);
    if (!real)
        return fail(error, "no file", file);
    snprintf(path, sizeof path, "%s/%s", self->folder, name);
    const bool good = symlink(real, path) == 0 || fail(error, "no link to", real);
    free(real);
    return good;
}

/* Kernel and simulator answer each other and never work at the same time. On one processor the one wakes the other at
 * once; between two that is most of what a message costs. Where it cannot be had it is slower. */
static void share_processor(void)
{
    const int processor = sched_getcpu();
    cpu_set_t set;
    if (processor < 0 || processor >= CPU_SETSIZE)
        return;
    CPU_ZERO(&set);
    CPU_SET((size_t)processor, &set);
    sched_setaffinity(0, sizeof set, &set);
}

static void child(const struct uml *self, const struct uml_options *options, int output,
                  pid_t parent)
{
    static const char *const ours[] = {
        "linux",        "mem=64M",    "initrd=initrd", "con=null",   "con0=fd:0,fd:1",
        "console=tty0", "norandmaps", "uml_dir=.",     "umid=guest", "time-travel=ext:time"};
    const char *arguments[ARGUMENTS_MAX + 1];
    size_t count = sizeof ours / sizeof ours[0];
    memcpy(arguments, ours, sizeof ours);
    for (uint32_t i = 0; i < options->functions; i++)
        arguments[count++] = "virtio_uml.device=devices:1234";
    if (options->dtb)
        arguments[count++] = "dtb=dtb";
    for (size_t i = 0; i < options->argument_count; i++)
        arguments[count++] = options->arguments[i];
    arguments[count] = NULL;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || chdir(self->folder) != 0)
        _exit(127);
    personality(ADDR_NO_RANDOMIZE);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGXFSZ, SIG_DFL);
    if (!options->terminal) {
        setpgid(0, 0);
        const int input = open("/dev/null", O_RDONLY);
        if (input < 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0)
            _exit(127);
    }
    char *const environment[] = {"HOME=.", "PATH=/bin:/usr/bin", NULL};
    execve("./linux", (char *const *)(uintptr_t)arguments, environment);
    _exit(127);
}

bool uml_start(struct uml *self, const struct uml_options *options, struct dmasim_error *error)
{
    int pipe_fds[2] = {-1, -1};
    if (options->argument_count + options->functions + 16 > ARGUMENTS_MAX) {
        errno = E2BIG;
        return fail(error, "the kernel's arguments", NULL);
    }
    if (!put_link(self, "linux", options->image, error) ||
        !put_link(self, "initrd", options->initrd, error) ||
        (options->dtb && !put_link(self, "dtb", options->dtb, error)))
        return false;
    if (!options->terminal && pipe2(pipe_fds, O_CLOEXEC) != 0)
        return fail(error, "no pipe", NULL);
    const pid_t parent = getpid();
    self->terminal = options->terminal;
    share_processor();
    self->process = fork();
    if (self->process == 0)
        child(self, options, pipe_fds[1], parent);
    if (pipe_fds[1] >= 0)
        close(pipe_fds[1]);
    self->console = pipe_fds[0];
    if (self->process < 0) {
        self->process = 0;
        return fail(error, "no process", NULL);
    }
    if (!options->terminal)
        setpgid(self->process, self->process); /* whoever of the two is first */
    if (self->console >= 0)
        fcntl(self->console, F_SETFL, O_NONBLOCK);
    return true;
}

int uml_end(struct uml *self, int wait_ms)
{
    int status = 0;
    if (!self->process)
        return -1;
    for (int waited = 0; waitpid(self->process, &status, WNOHANG) == 0; waited += 5) {
        if (waited >= wait_ms) {
            kill(self->terminal ? self->process : -self->process, SIGKILL); /* with its processes */
            waitpid(self->process, &status, 0);
            break;
        }
        poll(NULL, 0, 5);
    }
    self->process = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Removes what was made in the folder, and what a kernel leaves there. */
static void clean(const char *folder)
{
    static const char *const names[] = {"linux",   "initrd",    "dtb",  "time",
                                        "devices", "guest/pid", "guest"};
    char path[UML_PATH + 16];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        if (unlink(path) != 0)
            rmdir(path);
    }
    rmdir(folder);
}

void uml_free(struct uml *self)
{
    uml_end(self, 0);
    if (self->console >= 0)
        close(self->console);
    if (self->folder[0])
        clean(self->folder);
    *self = (struct uml){.console = -1};
}
