// How a metric's name and labels may look: as the Prometheus text format wants them, so that a scrape can hold them
// unchanged.
#pragma once

#include <string>
#include <string_view>

namespace backplane::link {

// [a-z_][a-z0-9_]*, of any length.
bool valid_metric_name(std::string_view name);
// The same, but for the host's own label "instance".
bool valid_label_name(std::string_view name);

// Adds `name="value"` to a text of labels, with the value escaped.
void append_label(std::string& labels, std::string_view name, std::string_view value);
// Whether append_label can have made the text, of labels with valid and different names and of values in UTF-8. The
// empty text is of no labels.
bool valid_labels_text(std::string_view labels);

}  // namespace backplane::link
