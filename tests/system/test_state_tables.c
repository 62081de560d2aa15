/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables of state (kernel/state.h) of every type of component: a member that was added to a struct and to no
 * row is found here. */
#include "state_check.h"
#include "suite.h"
#include "system.h"

START_TEST(every_byte_of_every_unit_that_can_repeat_is_in_one_row)
{
    for (const struct component_type *const *type = component_types; *type; type++) {
        struct state_fault fault;
        if ((*type)->state)
            ck_assert_msg(state_covered((*type)->state, &fault), "%s: %s", (*type)->name,
                          fault.text);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("state tables");
    TCase *tcase = tcase_create("state tables");
    tcase_add_test(tcase, every_byte_of_every_unit_that_can_repeat_is_in_one_row);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
