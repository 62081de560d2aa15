// SPDX-License-Identifier: BSD-2-Clause
// The counter of counter.v and its bench in SystemC, with an instant of a fault as an argument (in ns; 0: none).
#include <cstdlib>
#include <systemc.h>

SC_MODULE(counter)
{
    sc_in<bool> clk, rst, ready;
    sc_out<bool> valid;
    sc_out<sc_uint<8>> count;

    void edge()
    {
        if (rst.read()) {
            valid.write(false);
            count.write(0);
            return;
        }
        valid.write(true);
        if (valid.read() && ready.read())
            count.write(count.read() + 1);
    }

    SC_CTOR(counter)
    {
        SC_METHOD(edge);
        sensitive << clk.pos();
        dont_initialize();
    }
};

SC_MODULE(bench)
{
    sc_signal<bool> clk, rst, ready, valid;
    sc_signal<sc_uint<8>> from, count;
    sc_signal<bool> fault;
    counter dut;
    int at;

    void clock()
    {
        for (;;) {
            wait(5, SC_NS);
            clk.write(!clk.read());
        }
    }
    void reset()
    {
        rst.write(true);
        wait(22, SC_NS);
        rst.write(false);
        if (at <= 22)
            return;
        wait(at - 22, SC_NS);
        fault.write(true);
        wait(1, SC_NS);
        fault.write(false);
    }
    void alternate()
    {
        ready.write(!ready.read() || rst.read());
    }
    void show()
    {
        count.write(fault.read() ? sc_uint<8>(~from.read()) : from.read());
    }

    SC_HAS_PROCESS(bench);
    bench(sc_module_name name, int instant) : sc_module(name), dut("dut"), at(instant)
    {
        dut.clk(clk);
        dut.rst(rst);
        dut.ready(ready);
        dut.valid(valid);
        dut.count(from);
        SC_THREAD(clock);
        SC_THREAD(reset);
        SC_METHOD(alternate);
        sensitive << clk.posedge_event();
        dont_initialize();
        SC_METHOD(show);
        sensitive << from << fault;
    }
};

int sc_main(int argc, char **argv)
{
    bench tb("tb", argc > 1 ? atoi(argv[1]) : 0);
    sc_trace_file *file = sc_create_vcd_trace_file("trace");
    file->set_time_unit(1, SC_NS);
    sc_trace(file, tb.clk, "tb.clk");
    sc_trace(file, tb.rst, "tb.rst");
    sc_trace(file, tb.ready, "tb.ready");
    sc_trace(file, tb.valid, "tb.valid");
    sc_trace(file, tb.count, "tb.count");
    sc_start(600, SC_NS);
    sc_close_vcd_trace_file(file);
    return 0;
}
