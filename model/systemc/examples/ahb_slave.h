// SPDX-License-Identifier: BSD-2-Clause
//
// ahb_slave: a memory at the signals of an AHB, in plain SystemC, as one writes it by hand (Arm IHI 0011A, chapter 3). It knows
// nothing of dmasim.
//
//   hclk        __/^^\__/^^\__/^^\__/^^\__
//   haddr       ==A=====B===========            sampled with hsel and hready
//   hreadyout   --------\_____/-----            low for the wait states of A
//   hrdata      ---------<    A     >--         from the cycle after the address on
//   hwdata                ===  A  ====          stored at the end of its data phase
#ifndef AHB_SLAVE_H
#define AHB_SLAVE_H

#include <cstdint>
#include <cstring>
#include <systemc>
#include <type_traits>
#include <vector>

// Data: an integer, or what has range().
template <typename Data = uint32_t, unsigned Bits = 8 * sizeof(Data)>
class ahb_slave : public sc_core::sc_module
{
  public:
    SC_HAS_PROCESS(ahb_slave);

    sc_core::sc_in<bool> hclk, hresetn, hsel, hwrite, hready;
    sc_core::sc_in<uint32_t> haddr, htrans, hsize;
    sc_core::sc_in<Data> hwdata;
    sc_core::sc_out<bool> hreadyout;
    sc_core::sc_out<uint32_t> hresp;
    sc_core::sc_out<Data> hrdata;

    std::vector<uint8_t> bytes;
    struct {
        unsigned read_first = 0, read_next = 0, write_first = 0, write_next = 0;
    } waits;                               // wait states of NONSEQ and of SEQ
    uint32_t error_from = 1, error_to = 0; // offsets that are answered with ERROR, or RETRY once
    bool retry = false;
    uint64_t beats = 0; // data phases that have ended

    ahb_slave(const sc_core::sc_module_name &name, uint64_t base, uint64_t size)
        : sc_module(name), bytes(size), base_(base)
    {
        SC_METHOD(clock);
        sensitive << hclk.pos();
        dont_initialize();
    }

  private:
    enum state { idle, waiting, last, failing, failed };

    void clock()
    {
        if (!hresetn.read()) {
            state_ = idle;
            drive();
            return;
        }
        if (state_ == last) {
            if (write_)
                store();
            beats++;
        }
        if (state_ == waiting)
            state_ = --left_ ? waiting : fails_ ? failing : last;
        else if (state_ == failing)
            state_ = failed;
        else
            state_ = idle;
        if (hready.read() && hsel.read() && htrans.read() >= 2)
            take();
        drive();
    }

    void take()
    {
        const bool next = htrans.read() == 3;
        offset_ = static_cast<uint32_t>(haddr.read() - base_);
        size_ = 1u << hsize.read();
        write_ = hwrite.read();
        left_ = write_ ? (next ? waits.write_next : waits.write_first)
                       : (next ? waits.read_next : waits.read_first);
        fails_ =
            offset_ >= error_from && offset_ <= error_to && !(retry && retried_ == offset_ + 1);
        retried_ = fails_ ? offset_ + 1 : 0;
        state_ = left_ ? waiting : fails_ ? failing : last;
    }

    void drive()
    {
        hreadyout.write(state_ != waiting && state_ != failing);
        hresp.write(state_ == failing || state_ == failed ? (retry ? 2 : 1) : 0);
        Data data = Data();
        if (!write_ && (state_ == waiting || state_ == last)) {
            const uint32_t word = offset_ & ~(Bits / 8 - 1);
            for (unsigned i = 0; i < Bits / 8; i++)
                set(data, i, bytes[word + i]);
        }
        hrdata.write(data);
    }

    void store()
    {
        const Data data = hwdata.read();
        for (unsigned i = 0; i < size_; i++)
            bytes[offset_ + i] = get(data, (offset_ + i) % (Bits / 8));
    }

    static void set(Data &data, unsigned lane, uint8_t byte)
    {
        if constexpr (std::is_integral_v<Data>)
            data = static_cast<Data>(data | static_cast<Data>(byte) << 8 * lane);
        else
            data.range(static_cast<int>(8 * lane + 7), static_cast<int>(8 * lane)) = byte;
    }

    static uint8_t get(const Data &data, unsigned lane)
    {
        if constexpr (std::is_integral_v<Data>)
            return static_cast<uint8_t>(data >> 8 * lane);
        else
            return static_cast<uint8_t>(
                data.range(static_cast<int>(8 * lane + 7), static_cast<int>(8 * lane)).to_uint());
    }

    const uint64_t base_;
    state state_ = idle;
    uint32_t offset_ = 0, size_ = 0, left_ = 0, retried_ = 0;
    bool write_ = false, fails_ = false;
};

#endif
