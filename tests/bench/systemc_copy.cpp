// SPDX-License-Identifier: BSD-2-Clause
//
// systemc_copy: a four-channel round-robin copy over an AHB in SystemC, to measure dmasim against.
//
//      channel 0..3 (clocked)        arbiter, address mux, data mux        memory (clocked)
//      hbusreq haddr htrans ... ---> (combinational SC_METHODs)     ---> haddr htrans hwrite hwdata
//      hgrant hready hrdata     <---                                <--- hready hresp hrdata
//
// Written as one writes such a model by hand: sc_signals of native types between modules, clocked
// SC_METHODs for what is in flip-flops, combinational SC_METHODs for the bus, members for state
// that no other module sees, no sc_lv or sc_bigint, no strings and no allocation while it runs.
//
// A channel reads a burst of eight words into its FIFO and writes it again, and asks for the bus
// for each burst; channels take turns at the end of a burst. With a gap, a channel sleeps that many
// cycles after each block.
//
// systemc_copy MEGACYCLES GAP [VCD]: prints "cycles cpu_seconds bytes".

#include <systemc>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

namespace
{

constexpr unsigned channel_count = 4;
constexpr unsigned burst_beats = 16;
constexpr uint32_t block_bytes = 4096;
constexpr uint32_t region_bytes = 64 * 1024; // of one channel: half of it source

enum Trans : uint8_t { Idle, Busy, Nonseq, Seq };
enum Burst : uint8_t { Single = 0, Incr16 = 7 };

SC_MODULE(Channel)
{
    sc_core::sc_in<bool> hclk;
    sc_core::sc_in<bool> hgrant, hready;
    sc_core::sc_in<uint32_t> hrdata;
    sc_core::sc_out<bool> hbusreq, hwrite;
    sc_core::sc_out<uint8_t> htrans, hburst, hsize;
    sc_core::sc_out<uint32_t> haddr, hwdata;

    uint32_t base = 0;
    uint32_t gap_cycles = 0;
    uint64_t bytes_moved = 0;

    SC_CTOR(Channel)
    {
        SC_METHOD(clock_edge);
        sensitive << hclk.pos();
        dont_initialize();
    }

  private:
    enum State { Start, Wait, Address, Drain, Sleep };
    State state = Start;
    bool writing = false;
    bool data_phase = false; // the beat accepted last has its data phase now
    unsigned issued = 0, done = 0;
    uint32_t offset = 0, sleep_left = 0;
    uint32_t fifo[burst_beats] = {};

    void drive_beat()
    {
        uint32_t half = writing ? region_bytes / 2 : 0;
        htrans.write(issued == 0 ? Nonseq : Seq);
        hburst.write(Incr16);
        hsize.write(2);
        hwrite.write(writing);
        haddr.write(base + half + offset + 4 * issued);
        if (++issued == burst_beats)
            hbusreq.write(false);
    }

    void request(bool write)
    {
        writing = write;
        issued = done = 0;
        hbusreq.write(true);
        state = Wait;
    }

    void burst_done()
    {
        if (!writing) {
            request(true);
            return;
        }
        bytes_moved += 4 * burst_beats;
        offset = (offset + 4 * burst_beats) % (region_bytes / 2);
        if (gap_cycles != 0 && offset % block_bytes == 0) {
            sleep_left = gap_cycles;
            state = Sleep;
        } else {
            request(false);
        }
    }

    void clock_edge()
    {
        if (state == Sleep) {
            if (--sleep_left == 0)
                request(false);
            return;
        }
        if (state == Start) {
            request(false);
            return;
        }
        if (!hready.read())
            return;
        if (data_phase) {
            if (!writing)
                fifo[done] = hrdata.read();
            done++;
        }
        data_phase = state == Address; // the beat on the address bus is accepted at this edge
        if (data_phase && writing)
            hwdata.write(fifo[issued - 1]);
        switch (state) {
        case Wait:
            if (hgrant.read()) {
                state = Address;
                drive_beat();
            }
            break;
        case Address:
            if (issued < burst_beats) {
                drive_beat();
            } else {
                htrans.write(Idle);
                state = Drain;
            }
            break;
        case Drain:
            if (done == burst_beats)
                burst_done();
            break;
        default:
            break;
        }
    }
};

SC_MODULE(Bus)
{
    sc_core::sc_in<bool> hclk;
    sc_core::sc_vector<sc_core::sc_in<bool>> m_hbusreq, m_hwrite;
    sc_core::sc_vector<sc_core::sc_in<uint8_t>> m_htrans, m_hburst, m_hsize;
    sc_core::sc_vector<sc_core::sc_in<uint32_t>> m_haddr, m_hwdata;
    sc_core::sc_vector<sc_core::sc_out<bool>> hgrant;
    sc_core::sc_in<bool> hready;
    sc_core::sc_out<uint8_t> hmaster, htrans, hburst, hsize;
    sc_core::sc_out<uint32_t> haddr, hwdata;
    sc_core::sc_out<bool> hwrite;
    sc_core::sc_signal<uint8_t> data_master, next_master;

    SC_CTOR(Bus)
        : m_hbusreq("m_hbusreq", channel_count), m_hwrite("m_hwrite", channel_count),
          m_htrans("m_htrans", channel_count), m_hburst("m_hburst", channel_count),
          m_hsize("m_hsize", channel_count), m_haddr("m_haddr", channel_count),
          m_hwdata("m_hwdata", channel_count), hgrant("hgrant", channel_count),
          data_master("data_master"), next_master("next_master")
    {
        SC_METHOD(clock_edge);
        sensitive << hclk.pos();
        dont_initialize();

        SC_METHOD(arbitrate);
        sensitive << hmaster;
        for (auto &request : m_hbusreq)
            sensitive << request;

        SC_METHOD(address_mux);
        sensitive << hmaster;
        for (unsigned i = 0; i < channel_count; i++)
            sensitive << m_htrans[i] << m_haddr[i] << m_hburst[i] << m_hsize[i] << m_hwrite[i];

        SC_METHOD(data_mux);
        sensitive << data_master;
        for (auto &data : m_hwdata)
            sensitive << data;
    }

  private:
    void clock_edge()
    {
        if (!hready.read())
            return;
        data_master.write(hmaster.read());
        hmaster.write(next_master.read());
    }

    // The owner keeps the bus while it asks; then the next in the ring that asks.
    void arbitrate()
    {
        unsigned owner = hmaster.read(), next = owner;
        for (unsigned i = 0; i < channel_count; i++) {
            unsigned candidate = (owner + i) % channel_count;
            if (m_hbusreq[candidate].read()) {
                next = candidate;
                break;
            }
        }
        for (unsigned i = 0; i < channel_count; i++)
            hgrant[i].write(i == next);
        next_master.write(static_cast<uint8_t>(next));
    }

    void address_mux()
    {
        unsigned owner = hmaster.read();
        htrans.write(m_htrans[owner].read());
        haddr.write(m_haddr[owner].read());
        hburst.write(m_hburst[owner].read());
        hsize.write(m_hsize[owner].read());
        hwrite.write(m_hwrite[owner].read());
    }

    void data_mux()
    {
        hwdata.write(m_hwdata[data_master.read()].read());
    }
};

SC_MODULE(Memory)
{
    sc_core::sc_in<bool> hclk;
    sc_core::sc_in<uint8_t> htrans;
    sc_core::sc_in<bool> hwrite;
    sc_core::sc_in<uint32_t> haddr, hwdata;
    sc_core::sc_out<bool> hready;
    sc_core::sc_out<uint8_t> hresp;
    sc_core::sc_out<uint32_t> hrdata;

    std::vector<uint32_t> words;

    SC_CTOR(Memory) : words(channel_count * region_bytes / 4)
    {
        for (size_t i = 0; i < words.size(); i++)
            words[i] = static_cast<uint32_t>(i * 2654435761u);
        hready.initialize(true);
        SC_METHOD(clock_edge);
        sensitive << hclk.pos();
        dont_initialize();
    }

  private:
    bool write_phase = false;
    uint32_t write_word = 0;

    void clock_edge() // zero wait states: every address phase is accepted
    {
        if (write_phase)
            words[write_word] = hwdata.read();
        write_phase = false;
        if (htrans.read() < Nonseq)
            return;
        uint32_t word = haddr.read() / 4;
        if (hwrite.read()) {
            write_phase = true;
            write_word = word;
        } else {
            hrdata.write(words[word]);
        }
    }
};

} // namespace

int sc_main(int argc, char **argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "usage: systemc_copy MEGACYCLES GAP [VCD]\n");
        return 2;
    }
    const double megacycles = std::atof(argv[1]);
    const unsigned gap = static_cast<unsigned>(std::atoi(argv[2]));
    using sc_core::sc_signal;
    using sc_core::sc_vector;

    sc_core::sc_clock hclk("hclk", 10, sc_core::SC_NS);
    sc_vector<sc_signal<bool>> hbusreq("hbusreq", channel_count), hgrant("hgrant", channel_count),
        m_hwrite("m_hwrite", channel_count);
    sc_vector<sc_signal<uint8_t>> m_htrans("m_htrans", channel_count),
        m_hburst("m_hburst", channel_count), m_hsize("m_hsize", channel_count);
    sc_vector<sc_signal<uint32_t>> m_haddr("m_haddr", channel_count),
        m_hwdata("m_hwdata", channel_count);
    sc_signal<uint8_t> hmaster("hmaster"), htrans("htrans"), hburst("hburst"), hsize("hsize"),
        hresp("hresp");
    sc_signal<uint32_t> haddr("haddr"), hwdata("hwdata"), hrdata("hrdata");
    sc_signal<bool> hwrite("hwrite"), hready("hready");

    std::vector<std::unique_ptr<Channel>> channels;
    Bus bus("bus");
    Memory memory("memory");

    for (unsigned i = 0; i < channel_count; i++) {
        channels.push_back(std::make_unique<Channel>(("channel" + std::to_string(i)).c_str()));
        Channel &channel = *channels.back();
        channel.base = i * region_bytes;
        channel.gap_cycles = gap;
        channel.hclk(hclk);
        channel.hgrant(hgrant[i]);
        channel.hready(hready);
        channel.hrdata(hrdata);
        channel.hbusreq(hbusreq[i]);
        channel.hwrite(m_hwrite[i]);
        channel.htrans(m_htrans[i]);
        channel.hburst(m_hburst[i]);
        channel.hsize(m_hsize[i]);
        channel.haddr(m_haddr[i]);
        channel.hwdata(m_hwdata[i]);
    }
    bus.hclk(hclk);
    bus.m_hbusreq(hbusreq);
    bus.m_hwrite(m_hwrite);
    bus.m_htrans(m_htrans);
    bus.m_hburst(m_hburst);
    bus.m_hsize(m_hsize);
    bus.m_haddr(m_haddr);
    bus.m_hwdata(m_hwdata);
    bus.hgrant(hgrant);
    bus.hready(hready);
    bus.hmaster(hmaster);
    bus.htrans(htrans);
    bus.hburst(hburst);
    bus.hsize(hsize);
    bus.haddr(haddr);
    bus.hwdata(hwdata);
    bus.hwrite(hwrite);
    memory.hclk(hclk);
    memory.htrans(htrans);
    memory.hwrite(hwrite);
    memory.haddr(haddr);
    memory.hwdata(hwdata);
    memory.hready(hready);
    memory.hresp(hresp);
    memory.hrdata(hrdata);

    sc_core::sc_trace_file *vcd = nullptr;
    if (argc > 3) {
        vcd = sc_core::sc_create_vcd_trace_file(argv[3]);
        vcd->set_time_unit(1, sc_core::SC_NS);
        sc_core::sc_trace(vcd, hclk, "hclk");
        for (unsigned i = 0; i < channel_count; i++) {
            sc_core::sc_trace(vcd, hbusreq[i], hbusreq[i].name());
            sc_core::sc_trace(vcd, hgrant[i], hgrant[i].name());
            sc_core::sc_trace(vcd, m_hwrite[i], m_hwrite[i].name());
            sc_core::sc_trace(vcd, m_htrans[i], m_htrans[i].name());
            sc_core::sc_trace(vcd, m_hburst[i], m_hburst[i].name());
            sc_core::sc_trace(vcd, m_haddr[i], m_haddr[i].name());
            sc_core::sc_trace(vcd, m_hwdata[i], m_hwdata[i].name());
        }
        sc_core::sc_trace(vcd, hmaster, "hmaster");
        sc_core::sc_trace(vcd, htrans, "htrans");
        sc_core::sc_trace(vcd, hburst, "hburst");
        sc_core::sc_trace(vcd, hsize, "hsize");
        sc_core::sc_trace(vcd, hresp, "hresp");
        sc_core::sc_trace(vcd, haddr, "haddr");
        sc_core::sc_trace(vcd, hwdata, "hwdata");
        sc_core::sc_trace(vcd, hrdata, "hrdata");
        sc_core::sc_trace(vcd, hwrite, "hwrite");
        sc_core::sc_trace(vcd, hready, "hready");
    }

    const double cycles = megacycles * 1e6;
    const std::clock_t start = std::clock();
    sc_core::sc_start(sc_core::sc_time(cycles * 10, sc_core::SC_NS));
    if (vcd)
        sc_core::sc_close_vcd_trace_file(vcd);
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;

    uint64_t bytes = 0;
    for (unsigned i = 0; i < channel_count; i++) {
        bytes += channels[i]->bytes_moved;
        const uint32_t *source = &memory.words[i * region_bytes / 4];
        const uint64_t copied = std::min<uint64_t>(channels[i]->bytes_moved, region_bytes / 2);
        for (uint64_t w = 0; w < copied / 4; w++)
            if (source[w] != source[w + region_bytes / 8]) {
                std::fprintf(stderr, "channel %u: word %llu differs\n", i,
                             static_cast<unsigned long long>(w));
                return 1;
            }
    }
    std::printf("%.0f %.6f %llu\n", cycles, seconds, static_cast<unsigned long long>(bytes));
    return 0;
}
