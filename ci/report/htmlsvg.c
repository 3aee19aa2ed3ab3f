/*
 * The picture of a comparison as inline SVG: a lane for base and one for head on one scale; in each
 * the samples, the interval and the center; across both the limit, and what lies beyond it. Text
 * and the axis stand where a small picture is cut off (page.css).
 */
#include <math.h>

#include "ci/decide/why.h"
#include "ci/report/htmlpage.h"
#include "ci/report/htmlpicture.h"
#include "ci/report/rowtext.h"

/* In the picture's own units. */
enum {
    WIDTH = 720,
    HEIGHT = 212,
    LEFT = 88,
    RIGHT = 704,
    TOP = 28,
    AXIS = 168,
    LANE = 24,   /* half of its height */
    SPREAD = 34, /* of the points over it */
    TEXT_UP = 20,
    TICK_TEXT = 198,
};
static const int lanes[SIDES] = {64, 128};

static int place(const struct picture *picture, double value)
{
    return LEFT + (int)lround((RIGHT - LEFT) * picture_place(picture, value));
}

/* Neighbours in the order stand far apart: multiples of the golden ratio, always the same. */
static int height(int lane, size_t index)
{
    double turns = (double)index * 0.6180339887498949;
    return lane + (int)lround(SPREAD * (turns - floor(turns) - 0.5));
}

static void add_points(struct buffer *out, const struct picture *picture, enum side which)
{
    const struct picture_side *side = &picture->sides[which];
    int x = 0, y = 0;
    if (side->shown == 0)
        return;
    buffer_print(out, "<path class=p%d d=\"", (int)which);
    for (size_t i = 0; i < side->shown; i++) {
        int next_x = place(picture, picture_point(side, i)), next_y = height(lanes[which], i);
        buffer_print(out, i == 0 ? "M%d %dh0" : "m%d %dh0", next_x - x, next_y - y);
        x = next_x;
        y = next_y;
    }
    buffer_string(out, "\"/>");
}

static void add_side(struct buffer *out, const struct picture *picture, enum side which)
{
    const struct picture_side *side = &picture->sides[which];
    int top = lanes[which] - LANE;
    if (!isnan(side->low)) {
        int low = place(picture, side->low), high = place(picture, side->high);
        buffer_print(out, "<rect class=\"i%d%s\" x=%d y=%d width=%d height=%d rx=6 />", (int)which,
                     isinf(side->low) || isinf(side->high) ? " e" : "", low, top,
                     high > low ? high - low : 1, 2 * LANE);
    }
    add_points(out, picture, which);
    buffer_print(out, "<path class=m%d d=\"M%d %dv%d\"/>", (int)which, place(picture, side->center),
                 top, 2 * LANE);
    buffer_print(out, "<text x=0 y=%d>%s</text>", lanes[which] + 7, side_name(which));
}

/* The limit's text stands on the side that has room. */
static void add_limit(struct buffer *out, const struct picture *picture,
                      const struct verdict *verdict)
{
    char words[ROW_TEXT_BYTES];
    if (isnan(picture->limit))
        return;
    int x = place(picture, picture->limit);
    bool left = x > (LEFT + RIGHT) / 2;
    int from = picture->worse_above ? x : LEFT, to = picture->worse_above ? RIGHT : x;
    buffer_print(out, "<rect class=z x=%d y=%d width=%d height=%d />", from, TOP, to - from,
                 AXIS - TOP);
    buffer_print(out, "<path class=l d=\"M%d %dV%d\"/>", x, TOP, AXIS);
    buffer_print(out, "<text%s x=%d y=%d>limit ", left ? " class=e" : "", x + (left ? 4 : -4),
                 TEXT_UP);
    html_string(out, why_limit(verdict, words, sizeof words));
    buffer_string(out, "</text>");
}

static void add_axis(struct buffer *out, const struct picture *picture)
{
    char words[ROW_TEXT_BYTES];
    buffer_print(out, "<path class=x d=\"M%d %dH%d", LEFT, AXIS, RIGHT);
    for (size_t i = 0; i < picture->tick_count; i++)
        buffer_print(out, "M%d %dv6", place(picture, picture->ticks[i]), AXIS);
    buffer_string(out, "\"/>");
    for (size_t i = 0; i < picture->tick_count; i++)
        buffer_print(out, "<text class=t x=%d y=%d>%s</text>", place(picture, picture->ticks[i]),
                     TICK_TEXT,
                     quantity_format(picture->ticks[i], picture->scale, words, sizeof words));
}

void html_picture(struct html_page *page, const struct verdict *verdict)
{
    struct picture picture;
    char texts[ROW_TEXTS][ROW_TEXT_BYTES];
    struct buffer *out = page->out;
    picture_make(verdict, page->side_points, &picture);
    rowtext_fill(verdict, texts);
    int guide = place(&picture, picture.sides[BASE].center);
    buffer_print(out,
                 "<svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"xMinYMin slice\" role=img "
                 "aria-label=\"base %s, head %s\">",
                 WIDTH, HEIGHT, texts[ROW_BASE], texts[ROW_HEAD]);
    add_limit(out, &picture, verdict);
    buffer_print(out, "<path class=g d=\"M%d %dV%d\"/>", guide, lanes[BASE] + LANE,
                 lanes[HEAD] + LANE);
    for (int side = BASE; side < SIDES; side++)
        add_side(out, &picture, (enum side)side);
    add_axis(out, &picture);
    buffer_string(out, "</svg>");
}
