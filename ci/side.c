#include "ci/side.h"

const char *side_name(enum side side)
{
    return side == BASE ? "base" : "head";
}
