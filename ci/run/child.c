#include "ci/run/child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ci/run/launch.h"

enum {
    TICK_MS = 50,   /* how long a stop flag set just before poll, or a leader's end, may wait */
    LINGER_MS = 20, /* children that end with their leader take a moment to be reaped */
    KILL_AFTER_MS = 1000,
    GIVE_UP_MS = 1000, /* after SIGKILL: what is there still is stuck, or a zombie nobody reaps */
    DRAIN_MS = 200,
    STEP_READS = 16, /* reads a stream and step, so that endless output does not hide a timeout */
    READ_BYTES = 64 << 10,
};

static const uint64_t ms = 1000000;

static uint64_t clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 * ms + (uint64_t)now.tv_nsec;
}

enum error_code child_start(struct child *child, const struct process_request *request,
                            struct error *error)
{
    struct launched launched;
    enum error_code code = launch(request, &launched, error);
    if (code != ERROR_NONE)
        return code;
    uint64_t now = clock_ns();
    *child = (struct child){.pid = launched.pid, .started_ns = now, .nap_ms = 1};
    if (request->timeout_ms > 0)
        child->timeout_ns = now + request->timeout_ms * ms;
    for (size_t i = 0; i < CHILD_STREAMS; i++)
        child->streams[i].descriptor = launched.streams[i];
    output_init(&child->streams[0].output, request->output_bytes);
    output_init(&child->streams[1].output, request->errors_bytes);
    return ERROR_NONE;
}

static void close_stream(struct child_stream *stream)
{
    if (stream->descriptor >= 0)
        close(stream->descriptor);
    stream->descriptor = -1;
}

static void read_stream(struct child_stream *stream)
{
    char buffer[READ_BYTES];
    for (int i = 0; i < STEP_READS && stream->descriptor >= 0; i++) {
        ssize_t count = read(stream->descriptor, buffer, sizeof buffer);
        if (count > 0)
            output_append(&stream->output, buffer, (size_t)count);
        else if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        else if (count == 0 || errno != EINTR)
            close_stream(stream);
    }
}

static bool streams_open(const struct child *child)
{
    return child->streams[0].descriptor >= 0 || child->streams[1].descriptor >= 0;
}

static void reap(struct child *child, uint64_t now)
{
    if (child->ended_ns != 0)
        return;
    pid_t reaped = waitpid(child->pid, &child->wait_status, WNOHANG);
    if (reaped == 0 || (reaped < 0 && errno == EINTR))
        return;
    child->status_lost = reaped < 0; /* somebody has SIGCHLD ignored */
    child->ended_ns = now;
}

static void signal_group(struct child *child, int signal, enum child_phase phase, uint64_t end_ns)
{
    kill(-child->pid, signal);
    if (signal == SIGTERM)
        kill(-child->pid, SIGCONT); /* what was stopped would never see it */
    child->phase = phase;
    child->phase_end_ns = end_ns;
}

static void terminate(struct child *child, uint64_t now)
{
    signal_group(child, SIGTERM, CHILD_TERMINATING, now + KILL_AFTER_MS * ms);
}

static void kill_if_due(struct child *child, uint64_t now)
{
    if (child->phase == CHILD_TERMINATING && now >= child->phase_end_ns)
        signal_group(child, SIGKILL, CHILD_KILLED, now + GIVE_UP_MS * ms);
}

static void end_leader_if_due(struct child *child, bool stop, uint64_t now)
{
    bool late = child->timeout_ns != 0 && now >= child->timeout_ns;
    if (child->phase == CHILD_RUNNING && (stop || late)) {
        child->interrupted = stop;
        child->timed_out = !stop;
        terminate(child, now);
    }
    kill_if_due(child, now);
}

/*
 * Ends what the leader left behind; true when nothing of it is there, or nothing more can be done.
 * The number of a group is not given to another process while the group has members.
 */
static bool end_group(struct child *child, bool stop, uint64_t now)
{
    if (child->phase == CHILD_KILLED && now >= child->phase_end_ns)
        return true;
    while (waitpid(-child->pid, NULL, WNOHANG) > 0)
        ; /* orphans that became ours; zombies are members still */
    if (kill(-child->pid, 0) != 0)
        return true;
    if (child->phase == CHILD_RUNNING) {
        child->phase = CHILD_LINGERING;
        child->phase_end_ns = now + LINGER_MS * ms;
    } else if (child->phase == CHILD_LINGERING && (stop || now >= child->phase_end_ns)) {
        child->left_children = true;
        terminate(child, now);
    }
    kill_if_due(child, now);
    return false;
}

/* Whether all output is read, or its pipe is held open by somebody who left the group. */
static bool drained(struct child *child, uint64_t now)
{
    if (child->drain_end_ns == 0)
        child->drain_end_ns = now + DRAIN_MS * ms;
    return !streams_open(child) || now >= child->drain_end_ns;
}

bool child_step(struct child *child, bool stop)
{
    for (size_t i = 0; i < CHILD_STREAMS; i++)
        read_stream(&child->streams[i]);
    uint64_t now = clock_ns();
    reap(child, now);
    if (child->ended_ns == 0) {
        end_leader_if_due(child, stop, now);
        /* Its output ended: it is about to end, or has closed it and goes on. */
        if (streams_open(child))
            child->nap_ms = TICK_MS;
        else
            child->nap_ms = child->nap_ms >= TICK_MS ? 1 : child->nap_ms * 2;
        return false;
    }
    child->nap_ms = 2;
    return end_group(child, stop, now) && drained(child, now);
}

/* How long nothing is due for this child, in milliseconds. */
static int longest_nap(const struct child *child, uint64_t now)
{
    uint64_t due = now + child->nap_ms * ms;
    if (child->phase == CHILD_RUNNING && child->timeout_ns != 0 && child->timeout_ns < due)
        due = child->timeout_ns;
    if (child->phase != CHILD_RUNNING && child->phase_end_ns < due && child->phase_end_ns > now)
        due = child->phase_end_ns;
    return due <= now ? 0 : (int)((due - now + ms - 1) / ms);
}

void child_wait(const struct child *children, size_t count)
{
    struct pollfd polled[CHILD_MAX_AT_ONCE * CHILD_STREAMS];
    nfds_t used = 0;
    int nap_ms = TICK_MS;
    bool any = false;
    uint64_t now = clock_ns();
    for (size_t i = 0; i < count && i < CHILD_MAX_AT_ONCE; i++) {
        if (children[i].pid == 0)
            continue;
        any = true;
        int wanted = longest_nap(&children[i], now);
        if (wanted < nap_ms)
            nap_ms = wanted;
        for (size_t k = 0; k < CHILD_STREAMS; k++)
            if (children[i].streams[k].descriptor >= 0)
                polled[used++] = (struct pollfd){children[i].streams[k].descriptor, POLLIN, 0};
    }
    if (any)
        poll(polled, used, nap_ms);
}

static int exit_status(const struct child *child)
{
    if (child->status_lost)
        return 255;
    if (WIFSIGNALED(child->wait_status))
        return 128 + WTERMSIG(child->wait_status);
    return WEXITSTATUS(child->wait_status);
}

enum error_code child_finish(struct child *child, struct process_result *result,
                             struct error *error)
{
    bool errors_cut = false;
    *result = (struct process_result){.status = exit_status(child),
                                      .timed_out = child->timed_out,
                                      .interrupted = child->interrupted,
                                      .left_children = child->left_children,
                                      .wall_ns = child->ended_ns - child->started_ns};
    result->output = output_text(&child->streams[0].output, &result->output_length, &result->cut);
    result->errors = output_text(&child->streams[1].output, &result->errors_length, &errors_cut);
    result->cut = result->cut || errors_cut;
    for (size_t i = 0; i < CHILD_STREAMS; i++) {
        close_stream(&child->streams[i]);
        output_release(&child->streams[i].output);
    }
    child->pid = 0;
    if (result->output != NULL && result->errors != NULL)
        return ERROR_NONE;
    process_release(result);
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}
