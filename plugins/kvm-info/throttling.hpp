// Whether the board's firmware slows the processor down: the Raspberry Pi says so in one word of flags.
#pragma once

#include "kvm-info/sources.hpp"
#include "kvm-info/value.hpp"

namespace backplane::kvm_info {

// {ignore_past, parsed_flags: {freq_capped, throttled, undervoltage: {now, past}}, raw_flags} (pikvm.md §5.1
// `hw.health.throttling`); null where the platform has no such word. `ignore_past` is only handed on to clients.
Value throttling(const Sources& sources, bool ignore_past);

}  // namespace backplane::kvm_info
