// SPDX-License-Identifier: BSD-2-Clause
//
// faults: what the monitor must see. Each fault is one transaction of an initiator or target that breaks one rule; and
// one that breaks none, of which it must say nothing. One simulation with a monitor for each.
#include "monitor.h"

#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>

namespace
{

struct pool : tlm::tlm_mm_interface {
    void free(tlm::tlm_generic_payload *) override
    {
    }
};

// Both sides of a monitor, as a test plays them.
struct bench : sc_core::sc_module, tlm::tlm_fw_transport_if<>, tlm::tlm_bw_transport_if<> {
    using fw = std::function<tlm::tlm_sync_enum(bench &, tlm::tlm_generic_payload &,
                                                tlm::tlm_phase &, sc_core::sc_time &)>;

    bench(const sc_core::sc_module_name &name, const char *rule, std::function<void(bench &)> play,
          fw target)
        : sc_module(name), rule(rule), initiator("initiator"), target_socket("target"),
          watched("monitor"), play(std::move(play)), target(std::move(target))
    {
        initiator.bind(*this);
        target_socket.bind(*this);
        initiator.bind(watched.in);
        watched.out.bind(target_socket);
        sc_core::sc_spawn([this] { this->play(*this); }, sc_core::sc_gen_unique_name("play"));
    }

    tlm::tlm_generic_payload *make(bool write = false)
    {
        payloads.push_back(std::make_unique<tlm::tlm_generic_payload>(&memory));
        tlm::tlm_generic_payload *made = payloads.back().get();
        made->set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
        made->set_address(0x100);
        made->set_data_ptr(data);
        made->set_data_length(4);
        made->set_streaming_width(4);
        made->acquire();
        return made;
    }
    void begin(tlm::tlm_generic_payload &payload, tlm::tlm_phase phase = tlm::BEGIN_REQ)
    {
        sc_core::sc_time delay;
        watched_fw(payload, phase, delay);
    }
    tlm::tlm_sync_enum watched_fw(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                  sc_core::sc_time &delay)
    {
        return initiator->nb_transport_fw(payload, phase, delay);
    }
    void back(tlm::tlm_generic_payload &payload, tlm::tlm_phase phase)
    {
        sc_core::sc_time delay;
        target_socket->nb_transport_bw(payload, phase, delay);
    }
    void respond(tlm::tlm_generic_payload &payload)
    {
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        back(payload, tlm::BEGIN_RESP);
    }
    static void later()
    {
        sc_core::wait(10, sc_core::SC_NS);
    }

    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload &payload, tlm::tlm_phase &phase,
                                       sc_core::sc_time &delay) override
    {
        return target ? target(*this, payload, phase, delay) : tlm::TLM_ACCEPTED;
    }
    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload &, tlm::tlm_phase &,
                                       sc_core::sc_time &) override
    {
        return answers;
    }
    void b_transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay) override
    {
        tlm::tlm_phase phase = tlm::BEGIN_REQ;
        if (target)
            target(*this, payload, phase, delay);
        else
            payload.set_response_status(tlm::TLM_OK_RESPONSE);
    }
    unsigned transport_dbg(tlm::tlm_generic_payload &) override
    {
        if (debugs)
            debugs();
        return 4;
    }
    bool get_direct_mem_ptr(tlm::tlm_generic_payload &, tlm::tlm_dmi &) override
    {
        return false;
    }
    void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override
    {
    }

    const char *rule; // that is broken; null: none
    tlm::tlm_initiator_socket<> initiator;
    tlm::tlm_target_socket<> target_socket;
    monitor watched;
    std::function<void(bench &)> play;
    fw target;
    std::function<void()> debugs;
    tlm::tlm_sync_enum answers = tlm::TLM_ACCEPTED;
    size_t left_open = 0;
    unsigned char data[8] = {1, 2, 3, 4}, enables[8] = {0xff, 0, 0xff, 0};
    std::vector<std::unique_ptr<tlm::tlm_generic_payload>> payloads;
    pool memory;
};

// A transaction with all four phases.
void whole(bench &at, tlm::tlm_generic_payload &payload)
{
    at.begin(payload);
    bench::later();
    at.back(payload, tlm::END_REQ);
    bench::later();
    at.respond(payload);
    bench::later();
    at.begin(payload, tlm::END_RESP);
}

tlm::tlm_sync_enum complete(bench &, tlm::tlm_generic_payload &payload, tlm::tlm_phase &,
                            sc_core::sc_time &)
{
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    return tlm::TLM_COMPLETED;
}

struct fault {
    const char *name, *rule;
    std::function<void(bench &)> play;
    bench::fw target = nullptr;
};

const fault faults[] = {
    {"sound", nullptr,
     [](bench &at) {
         whole(at, *at.make());
         whole(at, *at.make(true));
     }},
    {"sound-pipelined", nullptr,
     [](bench &at) {
         auto &a = *at.make(), &b = *at.make(true);
         at.begin(a), at.back(a, tlm::END_REQ), at.begin(b), at.back(b, tlm::END_REQ);
         at.respond(b), at.begin(b, tlm::END_RESP), at.respond(a), at.begin(a, tlm::END_RESP);
     }},
    {"sound-completed", nullptr,
     [](bench &at) {
         at.begin(*at.make());
         at.begin(*at.make());
     },
     complete},
    {"sound-blocking", nullptr,
     [](bench &at) {
         sc_core::sc_time delay;
         at.initiator->b_transport(*at.make(), delay);
         at.initiator->transport_dbg(*at.make());
     }},
    {"request-too-early", "request-exclusion",
     [](bench &at) {
         at.begin(*at.make());
         at.begin(*at.make());
     }},
    {"request-inside-a-delay", "request-exclusion",
     [](bench &at) {
         at.begin(*at.make());
         at.begin(*at.make());
     },
     [](bench &, tlm::tlm_generic_payload &, tlm::tlm_phase &phase, sc_core::sc_time &delay) {
         phase = tlm::END_REQ;
         delay += sc_core::sc_time(5, sc_core::SC_NS);
         return tlm::TLM_UPDATED;
     }},
    {"response-too-early", "response-exclusion",
     [](bench &at) {
         auto &a = *at.make(), &b = *at.make();
         at.begin(a), at.back(a, tlm::END_REQ), at.begin(b), at.back(b, tlm::END_REQ);
         at.respond(a), at.respond(b);
     }},
    {"end-request-twice", "phase",
     [](bench &at) {
         auto &a = *at.make();
         at.begin(a), at.back(a, tlm::END_REQ), at.back(a, tlm::END_REQ);
     }},
    {"end-request-after-response", "phase",
     [](bench &at) {
         auto &a = *at.make();
         at.begin(a), at.respond(a), at.back(a, tlm::END_REQ);
     }},
    {"response-of-nothing", "phase", [](bench &at) { at.respond(*at.make()); }},
    {"end-before-response", "phase",
     [](bench &at) {
         auto &a = *at.make();
         at.begin(a), at.begin(a, tlm::END_RESP);
     }},
    {"response-after-the-end", "phase",
     [](bench &at) {
         auto &a = *at.make();
         whole(at, a);
         at.respond(a);
     }},
    {"begin-twice", "phase",
     [](bench &at) {
         auto &a = *at.make();
         at.begin(a), at.back(a, tlm::END_REQ), at.begin(a);
     }},
    {"a-phase-of-the-other-side", "phase", [](bench &at) { at.begin(*at.make(), tlm::END_REQ); }},
    {"no-status", "status",
     [](bench &at) {
         auto &a = *at.make();
         at.begin(a), at.back(a, tlm::BEGIN_RESP);
     }},
    {"completed-without-status", "status", [](bench &at) { at.begin(*at.make()); },
     [](bench &, tlm::tlm_generic_payload &, tlm::tlm_phase &, sc_core::sc_time &) {
         return tlm::TLM_COMPLETED;
     }},
    {"status-before", "status-before",
     [](bench &at) {
         auto &a = *at.make();
         a.set_response_status(tlm::TLM_OK_RESPONSE);
         at.begin(a);
     }},
    {"address-changed", "attributes-changed",
     [](bench &at) {
         auto &a = *at.make();
         at.begin(a), a.set_address(0x104), at.back(a, tlm::END_REQ);
     }},
    {"length-changed", "attributes-changed",
     [](bench &at) {
         auto &a = *at.make();
         at.begin(a), a.set_data_length(8), at.respond(a);
     }},
    {"write-data-changed", "data-changed",
     [](bench &at) {
         auto &a = *at.make(true);
         at.begin(a), at.data[2]++, at.respond(a);
     }},
    {"enables-changed", "data-changed",
     [](bench &at) {
         auto &a = *at.make(true);
         a.set_byte_enable_ptr(at.enables), a.set_byte_enable_length(4);
         at.begin(a), at.enables[1] = 0xff, at.respond(a);
     }},
    {"no-memory-manager", "lifetime",
     [](bench &at) {
         auto &a = *at.make();
         a.release(), a.set_mm(nullptr), at.begin(a);
     }},
    {"freed-under-way", "lifetime",
     [](bench &at) {
         auto &a = *at.make();
         at.begin(a), a.release(), at.back(a, tlm::END_REQ);
     }},
    {"no-data", "attributes",
     [](bench &at) {
         auto &a = *at.make();
         a.set_data_length(0), at.begin(a);
     }},
    {"no-width", "attributes",
     [](bench &at) {
         auto &a = *at.make();
         a.set_streaming_width(0), at.begin(a);
     }},
    {"initiator-completes-a-request", "completed",
     [](bench &at) {
         at.answers = tlm::TLM_COMPLETED;
         auto &a = *at.make();
         at.begin(a), at.back(a, tlm::END_REQ);
     }},
    {"back-in-time", "time",
     [](bench &at) {
         tlm::tlm_phase phase = tlm::BEGIN_REQ;
         sc_core::sc_time delay(8, sc_core::SC_NS);
         at.watched_fw(*at.make(), phase, delay);
     },
     [](bench &, tlm::tlm_generic_payload &payload, tlm::tlm_phase &, sc_core::sc_time &delay) {
         delay = sc_core::SC_ZERO_TIME;
         payload.set_response_status(tlm::TLM_OK_RESPONSE);
         return tlm::TLM_COMPLETED;
     }},
    {"blocking-without-status", "status",
     [](bench &at) {
         sc_core::sc_time delay;
         at.initiator->b_transport(*at.make(), delay);
     },
     [](bench &, tlm::tlm_generic_payload &, tlm::tlm_phase &, sc_core::sc_time &) {
         return tlm::TLM_ACCEPTED;
     }},
    {"debug-takes-time", "debug",
     [](bench &at) {
         at.debugs = [] { bench::later(); };
         at.initiator->transport_dbg(*at.make());
     }},
    {"never-answered", "open", [](bench &at) { at.begin(*at.make()); }},
};

} // namespace

int sc_main(int, char **)
{
    std::vector<std::unique_ptr<bench>> benches;
    for (const fault &each : faults) {
        std::string name(each.name);
        for (char &letter : name)
            letter = letter == '-' ? '_' : letter;
        benches.push_back(std::make_unique<bench>(name.c_str(), each.rule, each.play, each.target));
    }
    sc_core::sc_start();
    unsigned bad = 0, seen = 0;
    for (const auto &each : benches) {
        std::set<std::string> broken = each->watched.broken;
        if (each->rule && std::string(each->rule) == "open" && each->watched.open() > 0)
            broken.insert("open");
        const bool good = each->rule ? broken == std::set<std::string>{each->rule}
                                     : broken.empty() && each->watched.open() == 0;
        seen += each->rule && good;
        if (good)
            continue;
        bad++;
        std::printf("%s: %s expected, seen:", each->name(), each->rule ? each->rule : "nothing");
        for (const std::string &rule : broken)
            std::printf(" %s", rule.c_str());
        std::printf(" (%s)\n", each->watched.first.c_str());
    }
    std::printf("%u faults seen, %u wrong\n", seen, bad);
    return bad > 0;
}
