/* SPDX-License-Identifier: BSD-2-Clause */
/* Scripts of register accesses (adi_script.c): words in their lanes on every bus (model/bus/axi/axi_lite.c). */
#include "axi_fixture.h"

#include "axi_rows.h"
#include "host/play/adi_script.h"

static struct adi_script_config *script;

static void begin(uint32_t width_bits, bool lite, const char *text)
{
    start();
    axi->width_bits = width_bits;
    axi->lite = lite;
    test_add(&t, SECTION_BUSES, "axi", "data");
    struct adi_dmac_config *dma = add_dma();
    dma->source_bus = dma->destination_bus = 1;
    dma->interrupt = UINT16_MAX;
    script = test_add(&t, SECTION_MASTERS, "adi-script", "script");
    script->controller = 0;
    script->script = text;
    test_build(&t, 0);
}

static struct adi_script_result run(void)
{
    ck_assert(test_run(&t, LONG));
    struct adi_script_result result = adi_script_result(test_find(&t, SECTION_MASTERS, "script"));
    ck_assert(result.finished);
    return result;
}

START_TEST(words_are_read_and_written_in_their_lanes_on_every_width)
{
    static const struct adi_script_read words[] = {
        {0x000, 0x00040565}, {0x004, 0},          {0x008, 0x89abcdef}, {0x00c, 0x444d4143},
        {0x414, 0x80000018}, {0x418, 0x00ffffff}, {0x40c, 5},
    };
    for (uint32_t width = 32; width <= 1024; width *= 2)
        for (unsigned lite = 0; lite <= (width <= 64); lite++) {
            begin(width, lite,
                  "W 8 89abcdef; W 414 80000018; W 418 ffffffff; W 40c 5; "
                  "R 0; R 4; R 8; R c; R 414; R 418; R 40c");
            const struct adi_script_result result = run();
            ck_assert_uint_eq(result.read_count, sizeof words / sizeof *words);
            for (uint32_t i = 0; i < result.read_count; i++) {
                ck_assert_uint_eq(result.reads[i].offset, words[i].offset);
                ck_assert_msg(result.reads[i].value == words[i].value,
                              "width %u, lite %u: %x is %x", width, lite, words[i].offset,
                              result.reads[i].value);
            }
            end();
        }
}
END_TEST

/* A controller shows a word in all lanes, a memory does not. */
START_TEST(a_word_of_memory_comes_from_its_lanes)
{
    for (uint32_t width = 32; width <= 64; width *= 2) {
        begin(width, true, "R 40000010; R 40000014; R 4000001c"); /* from the controller on */
        const struct adi_script_result result = run();
        ck_assert_uint_eq(result.read_count, 3);
        for (uint32_t i = 0; i < 3; i++)
            ck_assert_mem_eq(&result.reads[i].value,
                             memory() + result.reads[i].offset - (RAM - DMA), 4);
        end();
    }
}
END_TEST

START_TEST(lanes_beside_the_word_are_0_and_not_strobed)
{
    struct test_log rows;
    for (uint32_t width = 32; width <= 64; width *= 2) {
        begin(width, true, "W 8 ffffffff; W 8 ffffffff; W c ffffffff; W 8 ffffffff; W 40c 1");
        test_observe(&t, &rows, "axi_row", "axi.script");
        run();
        unsigned writes = 0;
        for (size_t i = 0; i < rows.count; i++) {
            const struct axi_row row = test_axi_row_of(&rows, i);
            if (!row.wvalid || !row.awvalid)
                continue;
            writes++;
            ck_assert_uint_eq(row.awsize, width == 32 ? 2 : 3); /* B1.1.1 */
            const unsigned lane = (unsigned)row.awaddr & (width / 8 - 1);
            ck_assert_uint_eq(row.wstrb[0], UINT64_C(0xf) << lane);
            for (unsigned k = 0; k < width / 8; k++)
                if (!(row.wstrb[0] >> k & 1))
                    ck_assert_uint_eq(row.data[width / 8 + k], 0);
        }
        ck_assert_uint_ge(writes, 5);
        test_log_end(&rows);
        end();
    }
}
END_TEST

TEST_MAIN("adi script", words_are_read_and_written_in_their_lanes_on_every_width,
          a_word_of_memory_comes_from_its_lanes, lanes_beside_the_word_are_0_and_not_strobed)
