// SPDX-License-Identifier: BSD-2-Clause
//
// platforms FIRST COUNT: so many random platforms in one simulation, each with a seed of its own. In each a controller
// copies between a memory inside and one outside, whose timing, style and width of burst are random, or which stands at the signals of an AHB, while a processor of
// SystemC reads and writes both. Monitors watch every socket; all bytes are compared with what a plain copy gives.
#include <dmasim/ahb_pins.h>

#include "ahb_pair.h"
#include "at_memory.h"
#include "monitor.h"
#include "processor.h"

#include <cstdio>
#include <cstring>
#include <memory>

namespace
{

struct chance {
    uint64_t state;
    uint64_t draw() // splitmix64
    {
        uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        return z ^ z >> 31;
    }
    unsigned below(unsigned bound)
    {
        return static_cast<unsigned>(draw() % bound);
    }
};

constexpr uint64_t ram = 0x20000000, far = 0x30000000;
constexpr unsigned half =
    0x4000; // bytes of copies' sources; then destinations; then the processor's

std::string number(uint64_t value)
{
    return std::to_string(value);
}

struct copy {
    uint64_t from, into;
    unsigned bytes;
};

class platform : public sc_core::sc_module
{
  public:
    SC_HAS_PROCESS(platform);

    platform(const sc_core::sc_module_name &name, uint64_t seed)
        : sc_module(name), random{seed}, loose(random.below(4) == 0), axi(random.below(2)),
          cpu("cpu", loose || random.below(2)), host("host"), slave("slave"),
          style(static_cast<enum at_memory::style>(random.below(3))),
          model("model", scenario(), how())
    {
        cpu.socket.bind(host.in);
        host.out.bind(model.master("host"));
        model.slave("far").bind(slave.in);
        model.interrupt("dma").bind(irq);
        const unsigned most = random.below(40);
        if (!axi && random.below(2)) {
            if (width == 32)
                at_pins(pins32);
            else
                at_pins(pins64);
        } else {
            memory = std::make_unique<at_memory>("memory", far, 4 * half, style);
            slave.out.bind(memory->socket);
            memory->latency = [this, most](tlm::tlm_generic_payload &) {
                return sc_core::sc_time(static_cast<double>(random.below(most + 1) * 2500),
                                        sc_core::SC_PS);
            };
            bytes = &memory->bytes;
        }
        for (uint8_t &byte : *bytes)
            byte = static_cast<uint8_t>(random.draw());
        before = *bytes;
        SC_THREAD(program);
        SC_METHOD(count);
        sensitive << irq;
        dont_initialize();
    }

    bool good()
    {
        bool good = true;
        dmasim_result result;
        dmasim_outcome(model.simulation(), &result);
        check(good, result.work_ended == result.work_entries && result.failed == 0,
              "work is left, or has failed");
        check(good, done, "the processor is not done");
        check(good, interrupts > 0, "no interrupt");
        for (monitor *each : {&host, &slave}) {
            check(good, each->broken.empty(), each->first.c_str());
            check(good, each->open() == 0, "a transaction was not ended");
            check(good, each->transactions + each->blocking > 0, "nothing has passed");
        }
        const auto *inside =
            static_cast<const uint8_t *>(dmasim_memory(model.simulation(), "ram", nullptr));
        for (const copy &each : copies) {
            const uint8_t *from =
                each.from >= far ? &(*bytes)[each.from - far] : inside + (each.from - ram);
            const uint8_t *into =
                each.into >= far ? &(*bytes)[each.into - far] : inside + (each.into - ram);
            check(good, std::memcmp(from, into, each.bytes) == 0, "a copy is not equal");
        }
        check(good, std::memcmp(before.data(), bytes->data(), half) == 0,
              "a source was written to");
        return good;
    }

    uint64_t passed() const
    {
        return host.transactions + host.blocking + slave.transactions + slave.blocking;
    }

  private:
    void check(bool &good, bool holds, const char *what) const
    {
        if (holds)
            return;
        std::printf("%s (%s, %s): %s\n", name(), axi ? "axi" : "ahb", loose ? "loose" : "timed",
                    what);
        good = false;
    }

    dmasim::options how() const
    {
        dmasim::options made;
        made.loosely_timed = loose;
        return made;
    }

    dmasim::text scenario()
    {
        dmasim::text made;
        width = 32u << random.below(axi ? 3 : 2);
        period_ps = 2000 + random.below(9) * 1000;
        const std::string clock = number(period_ps), bus = axi ? "axi" : "ahb";
        made.yaml = "clocks: { clk: { period: " + clock + " ps } }\nbuses: { bus: { type: " + bus +
                    ", clock: clk, width: " + number(width) + " } }\n" + "cpus: { cpu: { bus: bus" +
                    (axi ? std::string() : ", descriptors: { base: 0x2000_e000, bytes: 8 KiB }") +
                    " } }\n";
        made.yaml += "controllers: { dma: { type: \"" +
                     std::string(axi ? "adi,axi-dmac" : "snps,dw-dmac") +
                     "\", bus: bus, base: 0x4000_0000, interrupt: cpu" +
                     (axi ? ", source_bus: bus, destination_bus: bus" : ", channels: 2") + " } }\n";
        made.yaml +=
            "masters: { host: { type: outside, bus: bus, queue: " + number(1 + random.below(4)) +
            ", buffer: " + number(8u << random.below(5)) + " B } }\n";
        made.yaml += "memories:\n  ram: { type: " + std::string(axi ? "axi-sram" : "sram") +
                     ", bus: bus, base: 0x2000_0000, size: 64 KiB, fill: { pattern: random } }\n";
        made.yaml += "  far: { type: outside, bus: bus, base: 0x3000_0000, size: 64 KiB, " +
                     (axi ? "outstanding_reads: " + number(1 + random.below(4)) +
                                ", outstanding_writes: " + number(1 + random.below(4))
                          : std::string("early_writes: ") + (random.below(2) ? "true" : "false")) +
                     " }\nwork:\n";
        const unsigned count = 1 + random.below(3);
        const unsigned unit = width / 8;
        for (unsigned i = 0; i < count; i++) {
            const bool out = random.below(2), both = random.below(3) == 0;
            copy each;
            each.bytes = unit * (1 + random.below(40));
            const unsigned room = half / 4;
            each.from = (out && !both ? ram : far) + unit * random.below(64);
            each.into = (out || both ? far : ram) + half + i * room + unit * random.below(32);
            copies.push_back(each);
            made.yaml += "  - memcpy: { name: w" + number(i) + ", from: " + number(each.from) +
                         ", to: " + number(each.into) + ", bytes: " + number(each.bytes) +
                         (i ? ", after: w" + number(i - 1) : "") + " }\n";
        }
        return made;
    }

    // Reads and writes of both memories, each compared with a copy of its own.
    void program()
    {
        std::vector<uint8_t> shadow(half);
        for (unsigned at = 0; at < half; at += 64) // only a part, so that it is known
            if (at < 256)
                cpu.transport(true, ram + 2 * half + at, &shadow[at], 64);
        std::memcpy(&shadow[half / 2], &(*bytes)[2 * half], 256);
        const unsigned operations = 10 + random.below(20);
        for (unsigned i = 0; i < operations; i++) {
            const bool outside = random.below(2), write = random.below(2);
            const unsigned at = random.below(192), length = 1 + random.below(64);
            uint8_t *mine = &shadow[(outside ? half / 2 : 0) + at];
            const uint64_t address = (outside ? far : ram) + 2 * half + at;
            unsigned char data[64], enables[64];
            bool some = false;
            for (unsigned k = 0; k < length; k++) {
                data[k] = static_cast<unsigned char>(random.draw());
                enables[k] = random.below(4) ? TLM_BYTE_ENABLED : TLM_BYTE_DISABLED;
                some = some || enables[k];
            }
            const bool partly = some && random.below(3) == 0;
            unsigned char expected[64];
            std::memcpy(expected, data, length);
            for (unsigned k = 0; k < length; k++)
                if (!partly || enables[k]) {
                    if (write)
                        mine[k] = data[k];
                    else
                        expected[k] = mine[k];
                }
            if (cpu.transport(write, address, data, length, partly ? enables : nullptr) !=
                    tlm::TLM_OK_RESPONSE ||
                (!write && std::memcmp(data, expected, length) != 0)) {
                std::printf("%s: %s of %u bytes at %llx went wrong\n", name(),
                            write ? "write" : "read", length,
                            static_cast<unsigned long long>(address));
                return;
            }
            if (random.below(2))
                wait(random.below(1000000), sc_core::SC_PS);
        }
        unsigned char nothing[4];
        done = cpu.transport(false, 0x70000000, nothing, 4) != tlm::TLM_OK_RESPONSE;
    }

    void count()
    {
        interrupts++;
    }

    // The memory at pins, with random wait states.
    template <typename Pair> void at_pins(std::unique_ptr<Pair> &pair)
    {
        dmasim::ahb_timing timing;
        timing.period = sc_core::sc_time::from_value(period_ps);
        timing.stops = true;
        pair = std::make_unique<Pair>("far", far, 4 * half, timing);
        slave.out.bind(pair->pins.socket);
        pair->slave.waits = {random.below(4), random.below(3), random.below(4), random.below(3)};
        bytes = &pair->slave.bytes;
        pair->pins.debug = [this](tlm::tlm_generic_payload &payload) {
            uint8_t *at = bytes->data() + (payload.get_address() - far);
            const unsigned length = payload.get_data_length();
            if (payload.is_write())
                std::memcpy(at, payload.get_data_ptr(), length);
            else
                std::memcpy(payload.get_data_ptr(), at, length);
            return length;
        };
    }

    chance random;
    const bool loose, axi;
    unsigned width = 0;
    uint64_t period_ps = 0;
    std::vector<copy> copies;
    processor cpu;
    monitor host, slave;
    const enum at_memory::style style;
    std::unique_ptr<at_memory> memory;
    std::unique_ptr<ahb_pair<uint32_t>> pins32;
    std::unique_ptr<ahb_pair<uint64_t>> pins64;
    std::vector<uint8_t> *bytes = nullptr; // of the memory outside
    sc_core::sc_signal<bool> irq;
    std::vector<uint8_t> before;
    dmasim::system model;
    unsigned interrupts = 0;
    bool done = false;
};

} // namespace

int sc_main(int count, char **arguments)
{
    if (count < 3)
        return 2;
    tlm::tlm_global_quantum::instance().set(sc_core::sc_time(500, sc_core::SC_NS));
    const uint64_t first = std::stoull(arguments[1]);
    const unsigned platforms = static_cast<unsigned>(std::stoul(arguments[2]));
    std::vector<std::unique_ptr<platform>> all;
    try {
        for (unsigned i = 0; i < platforms; i++)
            all.push_back(
                std::make_unique<platform>(("p" + std::to_string(first + i)).c_str(), first + i));
        sc_core::sc_start();
    } catch (const std::exception &error) {
        std::printf("p%llu: %s\n", static_cast<unsigned long long>(first + all.size()),
                    error.what());
        return 2;
    }
    unsigned bad = 0;
    uint64_t passed = 0;
    for (const auto &each : all) {
        bad += !each->good();
        passed += each->passed();
    }
    std::printf("%u platforms, %llu transactions, %u wrong\n", platforms,
                static_cast<unsigned long long>(passed), bad);
    return bad > 0;
}
