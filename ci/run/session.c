#include "ci/run/session.h"

void session_show(const struct session *session, const struct session_progress *progress)
{
    if (session->show != NULL)
        session->show(session->show_context, progress);
}
