/* SPDX-License-Identifier: BSD-2-Clause */
/* Sources and sinks at a controller: which of its ends each is joined to, and what is refused. */
#include "host_plan.h"

#include "controllers/adi/adi_dmac.h"
#include "peripherals/stream_device.h"

static struct test_plan t;

/* A controller between two streams or two FIFOs. */
static void start(bool fifo)
{
    test_plan_start(&t);
    test_add(&t, SECTION_BUSES, "axi", "axi");
    struct adi_dmac_config *dma = test_add(&t, SECTION_CONTROLLERS, "adi,axi-dmac", "dma");
    dma->bus = 1;
    dma->base = 0x40000000;
    dma->source_type = dma->destination_type = fifo ? ADI_FIFO : ADI_STREAM;
}

static void add(const char *type, const char *name)
{
    uint16_t *controller = test_add(&t, SECTION_PERIPHERALS, type, name);
    *controller = 0;
}

static void expect_refusal(const char *text)
{
    ck_assert_int_eq(system_create(&t.system, &t.plan, 0, &t.check), DMASIM_INVALID);
    t.built = true;
    ck_assert_str_eq(t.errors, text);
    test_plan_end(&t);
}

START_TEST(a_source_is_at_the_input_and_a_sink_at_the_output)
{
    for (unsigned fifo = 0; fifo < 2; fifo++) {
        start(fifo);
        add(fifo ? "fifo-writer" : "axi-stream-source", "in");
        add(fifo ? "fifo-reader" : "axi-stream-sink", "out");
        test_build(&t, 0);
        const struct component *dma = test_find(&t, SECTION_CONTROLLERS, "dma");
        const struct stream_ports *ports = component_link(dma, PORT_STREAMS, 0);
        const struct axi_stream *in = fifo ? ports->fifo_in : ports->stream_in;
        const struct axi_stream *out = fifo ? ports->fifo_out : ports->stream_out;
        ck_assert_str_eq(in->back.reader->name, "in");
        ck_assert_str_eq(out->forward.reader->name, "out");
        ck_assert_ptr_eq(ports->watchers[0], in->back.reader);
        ck_assert_ptr_eq(ports->watchers[1], out->forward.reader);
        test_plan_end(&t);
    }
}
END_TEST

START_TEST(what_the_controller_does_not_have_is_refused)
{
    start(true);
    add("axi-stream-source", "in");
    expect_refusal("in.controller: it has no stream input\n");
    start(false);
    add("fifo-writer", "in");
    expect_refusal("in.controller: it has no FIFO input\n");
    start(true);
    add("axi-stream-sink", "out");
    expect_refusal("out.controller: it has no stream output\n");
    start(false);
    add("fifo-reader", "out");
    expect_refusal("out.controller: it has no FIFO output\n");
}
END_TEST

START_TEST(an_end_has_one_device)
{
    start(false);
    add("axi-stream-source", "a");
    add("axi-stream-source", "b");
    expect_refusal("b.controller: its input has a source already\n");
    start(true);
    add("fifo-reader", "a");
    add("fifo-reader", "b");
    expect_refusal("b.controller: its output has a sink already\n");
}
END_TEST

TEST_MAIN("stream devices", a_source_is_at_the_input_and_a_sink_at_the_output,
          what_the_controller_does_not_have_is_refused, an_end_has_one_device)
