/* The HTML report's parts: where things stand in a picture, and the hashes that its policy names.
 */
#include <math.h>

#include "ci/report/htmlhash.h"
#include "ci/report/htmlpicture.h"
#include "ci/report/page.h"
#include "tests/gate_support.h"

enum { RUNS = 8, MANY = 1001, MOST = 100 };

static void check_hash(struct slice text, const char *want)
{
    char hash[HTML_HASH_BYTES];
    html_hash(text, hash);
    assert_string_equal(hash, want);
}

/* FIPS 180-4's examples, and lengths around a block, by sha256sum. */
static void test_hash(void **state)
{
    (void)state;
    char block[120];
    memset(block, 'a', sizeof block);
    check_hash(SLICE(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    check_hash(SLICE("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    check_hash(SLICE("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
               "JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE=");
    check_hash((struct slice){block, 55}, "n0OQ+NMMLdkuyfCVtl4rmumwqSWlJY4kHJ8ekQ9zQxg=");
    check_hash((struct slice){block, 64}, "/+BU/nrgy23GXDr5th1SCfQ5hR20PQulmXM33xVGaOs=");
    check_hash((struct slice){block, 119}, "MeulHDE6XAgiat8Y1KNZz9/Y0ugWsT9K+VL36mWE3Ps=");
}

/* What would end the element that it is in. */
static void test_page(void **state)
{
    (void)state;
    assert_null(strstr(page_css, "</"));
    assert_null(strstr(page_js, "</"));
    assert_int_equal(strlen(page_css), page_css_bytes);
    assert_int_equal(strlen(page_js), page_js_bytes);
}

static void check_inside(const struct picture *picture, double value)
{
    double place = picture_place(picture, value);
    assert_true(value >= picture->from && value <= picture->to);
    assert_true(place > 0.01 && place < 0.99);
}

/* Base is 1 ± .4 %, head `ratio` times that; the limit is 3 %, or what else the unit has. */
static void draw(double middle, double ratio, const char *unit, double limit)
{
    struct gated gated;
    struct picture picture;
    gated_open(&gated);
    gated_steps(&gated, BASE, "A", unit, middle, 1e-3, RUNS, false);
    gated_steps(&gated, HEAD, "A", unit, middle * ratio, 1e-3, RUNS, false);
    assert_int_equal(gated_decide(&gated), ERROR_NONE);
    const struct verdict *verdict = gated_verdict(&gated, "A", unit);
    picture_make(verdict, MOST, &picture);
    support_close(picture.limit, middle * limit, 1e-12, "the limit");
    assert_true(picture.worse_above == (limit > 1));
    check_inside(&picture, picture.limit);
    for (int side = BASE; side < SIDES; side++) {
        const struct picture_side *drawn = &picture.sides[side];
        assert_int_equal(drawn->shown, RUNS);
        check_inside(&picture, drawn->center);
        check_inside(&picture, drawn->low);
        for (size_t i = 0; i < drawn->shown; i++)
            check_inside(&picture, picture_point(drawn, i));
    }
    assert_true(picture.tick_count >= 2 && picture.tick_count <= PICTURE_TICKS);
    for (size_t i = 1; i < picture.tick_count; i++) {
        char before[64], here[64];
        quantity_format(picture.ticks[i - 1], picture.scale, before, sizeof before);
        quantity_format(picture.ticks[i], picture.scale, here, sizeof here);
        assert_true(picture.ticks[i] <= picture.to && picture.ticks[i - 1] >= picture.from);
        assert_string_not_equal(before, here);
    }
    gated_close(&gated);
}

static void test_picture(void **state)
{
    (void)state;
    draw(1e-6, 1.10, "sec/op", 1.03);
    draw(1e-6, 1.00, "sec/op", 1.03);
    draw(1e-9, 0.10, "sec/op", 1.03);
    draw(5e3, 40, "sec/op", 1.03);
    draw(1e300, 1.5, "sec/op", 1.03);
    draw(200000, 1.2, "B/op", 1.08);
    draw(300, 0.9, "frames/s", 0.97);
}

/* From zero any rise is beyond the limit, and equal values still have a scale. */
static void test_flat(void **state)
{
    (void)state;
    static const double zeros[RUNS] = {0};
    struct gated gated;
    struct picture picture;
    gated_open(&gated);
    gated_samples(&gated, BASE, "A", "B/op", zeros, RUNS, false);
    gated_samples(&gated, HEAD, "A", "B/op", zeros, RUNS, false);
    assert_int_equal(gated_decide(&gated), ERROR_NONE);
    picture_make(gated_verdict(&gated, "A", "B/op"), MOST, &picture);
    assert_true(picture.limit == 0);
    assert_true(isnan(picture.sides[BASE].low));
    check_inside(&picture, 0);
    gated_close(&gated);
}

/* Thinned points: both ends, the middle, and no more than were asked for. */
static void test_thinned(void **state)
{
    (void)state;
    struct gated gated;
    struct picture picture;
    gated_open(&gated);
    for (uint32_t k = 0; k < MANY; k++) {
        assert_true(gated_add(&gated, BASE, "p", "A", "sec/op", 1 + k, k));
        assert_true(gated_add(&gated, HEAD, "p", "A", "sec/op", 1 + k, k));
    }
    assert_int_equal(gated_decide(&gated), ERROR_NONE);
    picture_make(gated_verdict(&gated, "A", "sec/op"), MOST + 1, &picture);
    const struct picture_side *side = &picture.sides[HEAD];
    assert_int_equal(side->count, MANY);
    assert_int_equal(side->shown, MOST + 1);
    for (size_t i = 0; i < side->shown; i++)
        assert_true(picture_point(side, i) == 1 + 10.0 * (double)i);
    gated_close(&gated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hash), cmocka_unit_test(test_page),    cmocka_unit_test(test_picture),
        cmocka_unit_test(test_flat), cmocka_unit_test(test_thinned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
