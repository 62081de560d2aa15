/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace_fixture.h"

#include "trace/file.h"
#include "trace/folder/folder.h"

static void stream(struct probe *probe, sim_cycle now, uint64_t value, uint8_t bytes)
{
    probe_publish(probe, now, &(struct stream_record){.value = value, .bytes = bytes});
}

START_TEST(files_are_elsewhere_until_the_trace_is_closed)
{
    struct bench b;
    bench_init(&b);
    struct trace *trace = bench_open(
        &b, (struct trace_options){.vcd = true, .bus = true, .transfers = true, .summary = true});
    ck_assert_uint_eq(bench_files(&b), 1); /* the folder they are in until then */
    ck_assert_ptr_null(bench_read(&b, "trace.vcd"));
    ck_assert_ptr_null(bench_read(&b, "bus.csv"));
    bench_close(trace, 0);
    ck_assert_uint_eq(bench_files(&b), 5); /* trace.gtkw too */
    static const char *const names[] = {"trace.vcd", "trace.gtkw", "bus.csv", "transfers.csv",
                                        "summary.csv"};
    for (size_t i = 0; i < COUNT(names); i++) {
        char *text = bench_read(&b, names[i]);
        ck_assert_msg(text != NULL, "%s", names[i]);
        free(text);
    }
    bench_done(&b);
}
END_TEST

START_TEST(an_abandoned_trace_leaves_the_files_of_the_last_run)
{
    struct bench b;
    bench_init(&b);
    struct trace *trace = bench_open(&b, (struct trace_options){.transfers = true});
    bench_close(trace, 0);
    char *before = bench_read(&b, "transfers.csv");
    trace = bench_open(&b, (struct trace_options){.transfers = true, .vcd = true});
    trace_abort(trace);
    bench_expect(&b, "transfers.csv", before);
    ck_assert_uint_eq(bench_files(&b), 1);
    free(before);
    bench_done(&b);
}
END_TEST

START_TEST(a_missing_directory_is_an_error_with_its_name)
{
    struct bench b;
    bench_init(&b);
    struct trace *trace;
    struct dmasim_error error;
    struct trace_options options = {.vcd = true};
    ck_assert_int_eq(trace_open(&trace, &b.system, &options, "/nonexistent/here", &error),
                     DMASIM_IO);
    ck_assert_ptr_null(trace);
    ck_assert_str_eq(error.file, "/nonexistent/here");
    ck_assert_ptr_nonnull(strstr(error.text, "No such file"));
    bench_done(&b);
}
END_TEST

START_TEST(a_failed_open_removes_the_files_opened_before)
{
    struct bench b;
    bench_init(&b);
    struct trace_stream_option stream = {"nobody", "out.bin"};
    struct trace_options options = {
        .vcd = true, .bus = true, .streams = &stream, .stream_count = 1};
    struct trace *trace;
    struct dmasim_error error;
    ck_assert_int_eq(trace_open(&trace, &b.system, &options, b.dir, &error), DMASIM_INVALID);
    ck_assert_str_eq(error.text, "nothing named nobody writes a file");
    ck_assert_uint_eq(bench_files(&b), 0);
    bench_done(&b);
}
END_TEST

START_TEST(a_full_disk_is_told_and_leaves_nothing)
{
    struct bench b;
    bench_init(&b);
    struct trace_file *files = NULL;
    struct dmasim_error error = {0};
    bool failed = false;
    struct folder *folder = folder_open(b.dir, &(struct folder_options){.force = false}, &error);
    ck_assert_ptr_nonnull(folder);
    struct trace_file *file = trace_file_open(&files, folder, "a.bin", &error);
    ck_assert_ptr_nonnull(trace_file_open(&files, folder, "b.bin", &error));
    ck_assert_ptr_nonnull(file);
    file->failed = &failed;
    ck_assert_ptr_nonnull(freopen("/dev/full", "wb", file->stream));
    setvbuf(file->stream, NULL, _IONBF, 0);
    trace_file_text(file, "x");
    ck_assert(!failed);
    trace_file_flush(file);
    ck_assert(failed);
    ck_assert_int_eq(trace_file_publish_all(&files, &error), DMASIM_IO);
    ck_assert_ptr_nonnull(strstr(error.text, "No space left"));
    ck_assert_ptr_nonnull(strstr(error.file, "/a.bin"));
    ck_assert_ptr_null(files);
    ck_assert_uint_eq(bench_files(&b), 0);
    folder_free(folder);
    bench_done(&b);
}
END_TEST

START_TEST(more_than_a_buffer_arrives_whole)
{
    struct bench b;
    bench_init(&b);
    struct trace_file *files = NULL;
    struct folder *folder = folder_open(b.dir, &(struct folder_options){.force = false}, NULL);
    struct trace_file *file = trace_file_open(&files, folder, "a.bin", NULL);
    char *large = malloc(TRACE_FILE_BUFFER);
    memset(large, 'L', TRACE_FILE_BUFFER);
    trace_file_text(file, "start");
    trace_file_write(file, large, TRACE_FILE_BUFFER);
    for (int i = 0; i < 100000; i++)
        trace_file_text(file, "abc");
    ck_assert_int_eq(trace_file_publish_all(&files, NULL), DMASIM_OK);
    folder_free(folder);
    char *text = bench_read(&b, "a.bin");
    ck_assert_uint_eq(strlen(text), 5 + TRACE_FILE_BUFFER + 300000);
    ck_assert_int_eq(strncmp(text, "startL", 6), 0);
    ck_assert_str_eq(text + 5 + TRACE_FILE_BUFFER + 299997, "abc");
    free(text);
    free(large);
    bench_done(&b);
}
END_TEST

START_TEST(a_stream_is_its_bytes_first_byte_lowest)
{
    struct bench b;
    bench_init(&b);
    struct probe *other = bench_probe(&b, "uart0", &stream_probe_type, 0, NULL);
    struct probe *probe = bench_probe(&b, "uart1", &stream_probe_type, 0, NULL);
    struct trace_stream_option option = {"uart1", "out.bin"};
    struct trace *trace =
        bench_open(&b, (struct trace_options){.streams = &option, .stream_count = 1});
    stream(probe, 0, 0x64636261, 4);
    stream(other, 1, 0x7a, 1);
    stream(probe, 2, 0x65, 1);
    stream(probe, 3, 0x6d6c6b6a69686766, 8);
    bench_close(trace, 100);
    bench_expect(&b, "out.bin", "abcdefghijklm");
    bench_done(&b);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        files_are_elsewhere_until_the_trace_is_closed,
        an_abandoned_trace_leaves_the_files_of_the_last_run,
        a_missing_directory_is_an_error_with_its_name,
        a_failed_open_removes_the_files_opened_before,
        a_full_disk_is_told_and_leaves_nothing,
        more_than_a_buffer_arrives_whole,
        a_stream_is_its_bytes_first_byte_lowest,
    };
    return bench_run("files", tests, COUNT(tests));
}
