/* SPDX-License-Identifier: BSD-2-Clause */
/* The reader of the AXI checker finds columns by name and says what is wrong with a table. */
#include <check.h>
#include <string.h>

#include "axi_checker.h"
#include "axi_random.h"
#include "suite.h"

static FILE *text_file(const char *text)
{
    FILE *file = tmpfile();
    ck_assert(file != NULL);
    fputs(text, file);
    rewind(file);
    return file;
}

START_TEST(columns_are_found_in_any_case_and_order_and_may_be_absent)
{
    FILE *file = text_file("cycle,rready,note,rvalid,ARADDR,Arvalid,ArReady,ArId,RData\n"
                           "7,1,x,0,fff0,1,0,1f,00112233445566778899aabbccddeeff\n"
                           "8,1,,1,0xFFF0,1,1,1F,\n");
    struct axi_check_reader reader;
    struct axi_check_row row;
    ck_assert_msg(axi_check_reader_init(&reader, file), "%s", reader.csv.error);
    ck_assert(axi_check_reader_next(&reader, &row));
    ck_assert_uint_eq(row.cycle, 7);
    ck_assert_uint_eq(row.aresetn, 1);
    ck_assert_uint_eq(row.ar.addr, 0xfff0);
    ck_assert_uint_eq(row.ar.id, 0x1f);
    ck_assert_uint_eq(row.ar.size, 4);  /* the width of the bus */
    ck_assert_uint_eq(row.ar.burst, 1); /* INCR */
    ck_assert_uint_eq(row.ar.len, 0);
    ck_assert_uint_eq(row.r.last, AXI_CHECK_UNKNOWN);
    ck_assert_uint_eq(row.r.data[0], 0xff);
    ck_assert_uint_eq(row.r.data[14], 0x11);
    ck_assert_uint_eq(reader.width_bits, 128);
    ck_assert(axi_check_reader_next(&reader, &row));
    ck_assert_uint_eq(row.ar.addr, 0xfff0);
    ck_assert_uint_eq(row.r.valid, 1);
    ck_assert_uint_eq(reader.width_bits, 128);
    ck_assert(!axi_check_reader_next(&reader, &row));
    ck_assert_str_eq(reader.csv.error, "");
    fclose(file);
}
END_TEST

START_TEST(table_that_is_none_of_axi_is_refused)
{
    static const struct {
        const char *text, *error;
    } tables[] = {
        {"", "no header"},
        {"cycle,HTRANS\n", "not the columns of an AXI port"},
        {"ARVALID,ARREADY,ARADDR,RVALID\n", "no column RREADY"},
        {"AWVALID,AWREADY,AWADDR,WVALID,WREADY,BVALID\n", "no column BREADY"},
        {"ARVALID,ARVALID\n", "line 1: column twice: ARVALID"},
    };
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        struct axi_check_reader reader;
        FILE *file = text_file(tables[i].text);
        ck_assert(!axi_check_reader_init(&reader, file));
        ck_assert_msg(strstr(reader.csv.error, tables[i].error), "%s", reader.csv.error);
        fclose(file);
    }
    static const struct {
        const char *row, *error;
    } rows[] = {
        {"1,1,zz,0,0\n", "line 2: no value: zz"},
        {"1,1,fff0,0\n", "line 2: fewer cells"},
        {"1,1,fff0,0,0,0\n", "line 2: more cells"},
        {"1,1,11112222333344445,0,0\n", "line 2: no value"},
        {"4294967296,1,0,0,0\n", "line 2: no value"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[200];
        struct axi_check_reader reader;
        struct axi_check_row row;
        snprintf(text, sizeof(text), "ARVALID,ARREADY,ARADDR,RVALID,RREADY\n%s", rows[i].row);
        FILE *file = text_file(text);
        ck_assert(axi_check_reader_init(&reader, file));
        ck_assert(!axi_check_reader_next(&reader, &row));
        ck_assert_msg(strstr(reader.csv.error, rows[i].error), "%s", reader.csv.error);
        fclose(file);
    }
}
END_TEST

/* ---- there and back -------------------------------------------------------------------------- */

static const char header[] =
    "cycle,ARESETn,ARVALID,ARREADY,ARADDR,ARID,ARLEN,ARSIZE,ARBURST,ARLOCK,ARPROT,ARCACHE,ARQOS,"
    "ARREGION,ARUSER,AWVALID,AWREADY,AWADDR,AWID,AWLEN,AWSIZE,AWBURST,AWLOCK,AWPROT,AWCACHE,AWQOS,"
    "AWREGION,AWUSER,RVALID,RREADY,RID,RRESP,RLAST,RUSER,RDATA,WVALID,WREADY,WLAST,WUSER,WSTRB,"
    "WDATA,BVALID,BREADY,BID,BRESP,BUSER\n";

static void write_hex(FILE *file, const uint8_t *bytes, size_t count)
{
    for (size_t i = count; i > 0; i--)
        fprintf(file, "%02x", bytes[i - 1]);
}

static void write_address(FILE *file, const struct axi_check_address *ax)
{
    fprintf(file, "%u,%u,%llx,%x,%u,%u,%u,%u,%x,%x,%x,%x,%llx,", ax->valid, ax->ready,
            (unsigned long long)ax->addr, ax->id, ax->len, ax->size, ax->burst, ax->lock, ax->prot,
            ax->cache, ax->qos, ax->region, (unsigned long long)ax->user);
}

static void write_row(FILE *file, const struct axi_check_row *row, size_t bytes)
{
    fprintf(file, "%llu,%u,", (unsigned long long)row->cycle, row->aresetn);
    write_address(file, &row->ar);
    write_address(file, &row->aw);
    fprintf(file, "%u,%u,%x,%u,%u,%llx,", row->r.valid, row->r.ready, row->r.id, row->r.resp,
            row->r.last, (unsigned long long)row->r.user);
    write_hex(file, row->r.data, bytes);
    fprintf(file, ",%u,%u,%u,%llx,%llx%016llx,", row->w.valid, row->w.ready, row->w.last,
            (unsigned long long)row->w.user, (unsigned long long)row->w.strb[1],
            (unsigned long long)row->w.strb[0]);
    write_hex(file, row->w.data, bytes);
    fprintf(file, ",%u,%u,%x,%u,%llx\n", row->b.valid, row->b.ready, row->b.id, row->b.resp,
            (unsigned long long)row->b.user);
}

static struct axi_random_trace trace; /* large for a stack */

START_TEST(written_rows_are_read_back)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        axi_random_make(&trace, seed, false);
        size_t bytes = trace.options.width_bits / 8;
        FILE *written = text_file(header), *again = text_file(header);
        fseek(written, 0, SEEK_END);
        fseek(again, 0, SEEK_END);
        for (size_t n = 0; n < trace.row_count; n++)
            write_row(written, &trace.rows[n], bytes);
        rewind(written);
        struct axi_check_reader reader;
        struct axi_check_row row;
        ck_assert_msg(axi_check_reader_init(&reader, written), "%s", reader.csv.error);
        size_t count = 0;
        for (; axi_check_reader_next(&reader, &row); count++)
            write_row(again, &row, bytes);
        ck_assert_str_eq(reader.csv.error, "");
        ck_assert_uint_eq(count, trace.row_count);
        ck_assert_uint_eq(reader.width_bits, trace.options.width_bits);
        rewind(written);
        rewind(again);
        bool same = true;
        for (int one = 0; one != EOF && same;) {
            one = fgetc(written);
            same = one == fgetc(again);
        }
        ck_assert(same);
        fclose(written);
        fclose(again);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("axi_reader");
    TCase *tests = tcase_create("tables");
    tcase_add_test(tests, columns_are_found_in_any_case_and_order_and_may_be_absent);
    tcase_add_test(tests, table_that_is_none_of_axi_is_refused);
    tcase_add_test(tests, written_rows_are_read_back);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
