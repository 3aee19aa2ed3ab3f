#include "ci/run/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "ci/run/cpus.h"
#include "parsers/slice.h"

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif

/* What the child was about when it failed. */
enum stage { STAGE_FOLDER, STAGE_CPUS, STAGE_PROGRAM };

/* What the child sends its parent when it cannot become the program. */
struct complaint {
    enum stage stage;
    int number; /* errno */
};

/* Everything that the child needs, made before the fork: after it, little may be called. */
struct plan {
    const struct process_request *request;
    char program[PATH_MAX];
    struct cpus cpus;
    int nothing;   /* /dev/null */
    int output[2]; /* read end, write end; each -1 when closed */
    int errors[2];
    int complaints[2];
    sigset_t mask; /* of the parent */
    pid_t parent;
};

static void close_open(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

static void close_pair(int pair[2])
{
    close_open(&pair[0]);
    close_open(&pair[1]);
}

/* Moves a descriptor out of the way of 0, 1 and 2, closed on exec; -1 where that fails. */
static int keep_clear(int descriptor)
{
    if (descriptor < 0)
        return -1;
    int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    int number = errno;
    close(descriptor);
    errno = number;
    return moved;
}

static bool open_pair(int pair[2])
{
    int made[2];
    if (pipe(made) != 0)
        return false;
    pair[0] = keep_clear(made[0]);
    pair[1] = keep_clear(made[1]);
    return pair[0] >= 0 && pair[1] >= 0;
}

static bool set_nonblocking(int descriptor)
{
    int flags = fcntl(descriptor, F_GETFL);
    return flags >= 0 && fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0;
}

static bool open_descriptors(struct plan *plan)
{
    plan->nothing = keep_clear(open("/dev/null", O_RDONLY | O_CLOEXEC));
    bool opened = plan->nothing >= 0 && open_pair(plan->output) && open_pair(plan->complaints) &&
                  set_nonblocking(plan->output[0]);
    if (plan->request->errors_bytes > 0)
        opened = opened && open_pair(plan->errors) && set_nonblocking(plan->errors[0]);
    return opened;
}

static void close_descriptors(struct plan *plan)
{
    close_open(&plan->nothing);
    close_pair(plan->output);
    close_pair(plan->errors);
    close_pair(plan->complaints);
}

static struct slice search_path(const char *const *environment)
{
    for (; *environment != NULL; environment++)
        if (strncmp(*environment, "PATH=", 5) == 0)
            return slice_of(*environment + 5);
    return SLICE("/usr/local/bin:/usr/bin:/bin");
}

static bool runnable(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

/* Writes the path of the program into the plan; false where PATH has none. */
static bool find_program(struct plan *plan)
{
    const char *name = plan->request->arguments[0];
    if (strchr(name, '/') != NULL)
        return snprintf(plan->program, sizeof plan->program, "%s", name) <
               (int)sizeof plan->program;
    struct slice rest = search_path(plan->request->environment);
    while (rest.length > 0) {
        struct slice entry = {rest.text, slice_find(rest, SLICE(":"), 0)};
        rest = slice_skip(rest, entry.length + 1);
        if (!slice_starts(entry, SLICE("/")) || entry.length >= sizeof plan->program)
            continue;
        int length = snprintf(plan->program, sizeof plan->program, "%.*s/%s", (int)entry.length,
                              entry.text, name);
        if (length < (int)sizeof plan->program && runnable(plan->program))
            return true;
    }
    return false;
}

/* execve promises not to write through these, in words only. */
static char *const *unqualified(const char *const *list)
{
    union {
        const char *const *from;
        char *const *to;
    } cast = {list};
    return cast.to;
}

static void complain(const struct plan *plan, enum stage stage, int number)
{
    struct complaint complaint = {stage, number};
    ssize_t written;
    do
        written = write(plan->complaints[1], &complaint, sizeof complaint);
    while (written < 0 && errno == EINTR);
}

/* Handlers of the parent mean nothing here, and what it ignores is not the program's business. */
static void reset_signals(void)
{
    static const int signals[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGPIPE, SIGALRM, SIGTERM, SIGCHLD,
                                  SIGUSR1, SIGUSR2, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGXFSZ};
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        sigaction(signals[i], &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A benchmark that outlives its benchgate would spoil what is measured next. */
static void die_with_parent(const struct plan *plan)
{
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != plan->parent)
        _exit(127);
#else
    (void)plan;
#endif
}

static _Noreturn void become(const struct plan *plan)
{
    const struct process_request *request = plan->request;
    setpgid(0, 0);
    die_with_parent(plan);
    reset_signals();
    dup2(plan->nothing, STDIN_FILENO);
    dup2(plan->output[1], STDOUT_FILENO);
    dup2(plan->errors[1] >= 0 ? plan->errors[1] : plan->output[1], STDERR_FILENO);
    int pinned = 0;
    if (chdir(request->folder) != 0)
        complain(plan, STAGE_FOLDER, errno);
    else if (request->cpus != NULL && (pinned = cpus_pin(&plan->cpus)) != 0)
        complain(plan, STAGE_CPUS, pinned);
    else if (execve(plan->program, unqualified(request->arguments),
                    unqualified(request->environment)) != 0)
        complain(plan, STAGE_PROGRAM, errno);
    _exit(127);
}

/* Reads what the child had to complain about; false where the program runs. */
static bool read_complaint(const struct plan *plan, struct complaint *complaint)
{
    ssize_t count;
    do
        count = read(plan->complaints[0], complaint, sizeof *complaint);
    while (count < 0 && errno == EINTR);
    return count == (ssize_t)sizeof *complaint;
}

static enum error_code refuse(const struct plan *plan, const struct complaint *complaint,
                              struct error *error)
{
    const char *why = strerror(complaint->number);
    switch (complaint->stage) {
    case STAGE_FOLDER:
        return error_set(error, ERROR_READ, plan->request->folder, 0, 0, "%s", why);
    case STAGE_CPUS:
        return error_set(error, ERROR_READ, NULL, 0, 0, "cannot pin to CPUs %s: %s",
                         plan->request->cpus, why);
    case STAGE_PROGRAM:
        break;
    }
    return error_set(error, ERROR_READ, plan->program, 0, 0, "cannot be started: %s", why);
}

static enum error_code check(struct plan *plan, struct error *error)
{
    const struct process_request *request = plan->request;
    if (request->cpus != NULL && !cpus_parse(request->cpus, &plan->cpus))
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "'%s' is no list of CPUs, as 0,2-3 is one",
                         request->cpus);
    if (!find_program(plan))
        return error_set(error, ERROR_READ, request->arguments[0], 0, 0, "no such program on PATH");
    if (!open_descriptors(plan))
        return error_set(error, ERROR_READ, request->arguments[0], 0, 0, "cannot be started: %s",
                         strerror(errno));
    return ERROR_NONE;
}

/* Signals are held back meanwhile, so that no handler of ours runs in the child. */
static pid_t fork_held(struct plan *plan)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &plan->mask);
    plan->parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        become(plan);
    int number = errno;
    sigprocmask(SIG_SETMASK, &plan->mask, NULL);
    errno = number;
    return pid;
}

static enum error_code start(struct plan *plan, struct launched *launched, struct error *error)
{
    pid_t pid = fork_held(plan);
    if (pid < 0)
        return error_set(error, ERROR_READ, plan->program, 0, 0, "cannot be started: %s",
                         strerror(errno));
    setpgid(pid, pid); /* both do it, so that it is done whoever comes first */
    close_open(&plan->complaints[1]);
    struct complaint complaint;
    if (read_complaint(plan, &complaint)) {
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
        return refuse(plan, &complaint, error);
    }
    *launched = (struct launched){pid, {plan->output[0], plan->errors[0]}};
    plan->output[0] = plan->errors[0] = -1;
    return ERROR_NONE;
}

/*
 * What a leader leaves behind becomes ours to reap. Otherwise it would stay a zombie for as long as
 * the first process of the machine (often none that cares, in a container) takes, and look alive.
 */
static void adopt_orphans(void)
{
#ifdef __linux__
    prctl(PR_SET_CHILD_SUBREAPER, 1);
#endif
}

enum error_code launch(const struct process_request *request, struct launched *launched,
                       struct error *error)
{
    struct plan plan = {.request = request,
                        .nothing = -1,
                        .output = {-1, -1},
                        .errors = {-1, -1},
                        .complaints = {-1, -1}};
    enum error_code code = check(&plan, error);
    adopt_orphans();
    if (code == ERROR_NONE)
        code = start(&plan, launched, error);
    close_descriptors(&plan);
    return code;
}
