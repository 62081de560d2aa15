/* SPDX-License-Identifier: BSD-2-Clause */
/* flow: a node of a YAML tree as text on one line. */
#ifndef DMASIM_STUDY_FLOW_H
#define DMASIM_STUDY_FLOW_H

#include "scenario/tree.h"

#define FLOW_TEXT_MAX 4000u /* bytes; the longest override is longer */

/* The node as YAML: reading it gives the node again. Null if it is longer than FLOW_TEXT_MAX, or memory is
 * short. The text lies in the arena. */
const char *flow_text(struct arena *arena, const struct node *node);

#endif
