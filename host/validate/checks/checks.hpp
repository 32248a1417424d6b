// The checks, in the order in which a validation runs them. Each adds its lines to the report.
#pragma once

#include "validate/bench.hpp"
#include "validate/elf_file.hpp"
#include "validate/report.hpp"

namespace backplane::validate {

// --- Level 1 ---

// The file beside the manifest, without loading it. False: it cannot be a plugin, and need not be loaded.
bool check_file(const plugin::Manifest& manifest, const std::filesystem::path& library, Report& report);
// Load, start and stop, twice. False: it does not start.
bool check_start(Bench& bench);

// --- Level 2 ---

// Each route once, with plausible input; what it shows decides what the others ask.
void check_routes(Bench& bench);
// Routes with what nobody should send.
void check_hostile(Bench& bench);
// Streams, uploads and WebSockets.
void check_streams(Bench& bench);
// Configurations at the bounds of the schema.
void check_config_bounds(Bench& bench);

// --- Level 3 ---

void check_random_configs(Bench& bench);
void check_random_requests(Bench& bench);
void check_load(Bench& bench);

}  // namespace backplane::validate
