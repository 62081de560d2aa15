/* SPDX-License-Identifier: BSD-2-Clause */
/* Who answers an address: through windows in a row, in several regions, by use, and in loops. */
#include "plan/route.h"
#include "suite.h"

enum { NEAR, MIDDLE, FAR };

struct config {
    struct component_region regions[3], beyond[3]; /* those with bytes */
};

static bool region(const struct component *self, uint32_t index, struct component_region *region)
{
    const struct config *config = self->config;
    if (index >= 3 || config->regions[index].bytes == 0)
        return false;
    *region = config->regions[index];
    return true;
}

static bool leads(const struct component *self, uint32_t index, struct component_region *beyond)
{
    const struct config *config = self->config;
    *beyond = config->beyond[index];
    return beyond->bytes > 0;
}

static const struct component_type device_type = {
    .name = "device", .section = SECTION_PERIPHERALS, .region = region};
static const struct component_type window_type = {
    .name = "window", .section = SECTION_PERIPHERALS, .region = region, .leads = leads};

/* near 0x1000 -> middle 0x8000 -> far 0x200000000; the device on far has registers and data. */
static const struct config near_config = {
    .regions = {{.bus = NEAR, .base = 0x1000, .bytes = 0x800}},
    .beyond = {{.bus = MIDDLE, .base = 0x8000, .bytes = 0x800}}};
static const struct config middle_config = {
    .regions = {{.bus = MIDDLE, .base = 0x8000, .bytes = 0x1000}},
    .beyond = {{.bus = FAR, .base = UINT64_C(0x200000000), .bytes = 0x1000}}};
static const struct config device_config = {
    .regions = {
        {.bus = FAR, .base = UINT64_C(0x200000000), .bytes = 0x100},
        {.bus = MIDDLE, .base = 0x4000, .bytes = 0x100, .offset = 0x1000, .use = REGION_READS},
        {.bus = NEAR, .base = 0x4000, .bytes = 0x100, .offset = 0x1000, .use = REGION_WRITES}}};
/* Two windows that are each other's image. */
static const struct config there_config = {
    .regions = {{.bus = NEAR, .base = 0x9000, .bytes = 0x100}},
    .beyond = {{.bus = MIDDLE, .base = 0x9000, .bytes = 0x100}}};
static const struct config back_config = {
    .regions = {{.bus = MIDDLE, .base = 0x9000, .bytes = 0x100}},
    .beyond = {{.bus = NEAR, .base = 0x9000, .bytes = 0x100}}};

static struct component components[] = {
    {.name = "near", .type = &window_type, .config = &near_config},
    {.name = "middle", .type = &window_type, .config = &middle_config},
    {.name = "device", .type = &device_type, .config = &device_config},
    {.name = "there", .type = &window_type, .config = &there_config},
    {.name = "back", .type = &window_type, .config = &back_config},
};
static const struct plan plan = {.components[SECTION_PERIPHERALS] = components,
                                 .counts[SECTION_PERIPHERALS] = 5};
static struct component *const device = &components[2];

START_TEST(an_address_is_followed_through_windows_to_who_answers)
{
    struct plan_route route;
    ck_assert(plan_route(&plan, NEAR, 0x1010, REGION_ANY, &route));
    ck_assert_ptr_eq(route.component, device);
    ck_assert_uint_eq(route.windows, 2);
    ck_assert_uint_eq(route.address, UINT64_C(0x200000010));
    ck_assert_uint_eq(plan_route_offset(&route), 0x10);
    ck_assert_uint_eq(route.bytes, 0xf0); /* to the end of its registers */
    ck_assert(!plan_route(&plan, NEAR, 0x1100, REGION_ANY, &route));
    ck_assert(!plan_route(&plan, NEAR, 0x1800, REGION_ANY, &route));
}
END_TEST

START_TEST(the_narrowest_window_on_the_way_bounds_what_is_left)
{
    struct plan_route route;
    struct config config = near_config;
    config.regions[0].bytes = config.beyond[0].bytes = 0x20;
    components[0].config = &config;
    ck_assert(plan_route(&plan, NEAR, 0x1010, REGION_ANY, &route));
    ck_assert_uint_eq(route.bytes, 0x10);
    components[0].config = &near_config;
}
END_TEST

START_TEST(regions_of_one_component_are_on_several_buses_and_for_one_use)
{
    struct plan_route route;
    ck_assert(plan_route(&plan, MIDDLE, 0x4004, REGION_READS, &route));
    ck_assert_ptr_eq(route.component, device);
    ck_assert_uint_eq(plan_route_offset(&route), 0x1004);
    ck_assert(!plan_route(&plan, MIDDLE, 0x4004, REGION_WRITES, &route));
    ck_assert(plan_route(&plan, NEAR, 0x4004, REGION_WRITES, &route));
    ck_assert(!plan_route(&plan, NEAR, 0x4004, REGION_READS, &route));
    ck_assert(plan_route(&plan, ROUTE_ANY_BUS, UINT64_C(0x200000004), REGION_ANY, &route));
    ck_assert_uint_eq(plan_route_offset(&route), 4);
}
END_TEST

START_TEST(windows_that_lead_back_to_each_other_lead_nowhere)
{
    struct plan_route route;
    uint64_t seen;
    ck_assert(!plan_route(&plan, NEAR, 0x9000, REGION_ANY, &route));
    ck_assert(!plan_route(&plan, MIDDLE, 0x9000, REGION_ANY, &route));
    ck_assert(!plan_reach(&plan, FAR, NEAR, 0x9000, &seen));
}
END_TEST

START_TEST(a_master_sees_an_address_where_the_fewest_windows_have_it)
{
    uint64_t seen;
    ck_assert(plan_reach(&plan, NEAR, FAR, UINT64_C(0x200000010), &seen));
    ck_assert_uint_eq(seen, 0x1010);
    ck_assert(plan_reach(&plan, FAR, FAR, UINT64_C(0x200000010), &seen));
    ck_assert_uint_eq(seen, UINT64_C(0x200000010));
    ck_assert(plan_reach(&plan, NEAR, NEAR, 0x9000, &seen)); /* not through there and back */
    ck_assert_uint_eq(seen, 0x9000);
    ck_assert(
        !plan_reach(&plan, NEAR, FAR, UINT64_C(0x200000800), &seen)); /* beyond near's window */
    ck_assert(plan_reach(&plan, MIDDLE, FAR, UINT64_C(0x200000800), &seen));
    ck_assert(!plan_reach(&plan, FAR, NEAR, 0x1000, &seen));
}
END_TEST

TEST_MAIN("route", an_address_is_followed_through_windows_to_who_answers,
          the_narrowest_window_on_the_way_bounds_what_is_left,
          regions_of_one_component_are_on_several_buses_and_for_one_use,
          windows_that_lead_back_to_each_other_lead_nowhere,
          a_master_sees_an_address_where_the_fewest_windows_have_it)
