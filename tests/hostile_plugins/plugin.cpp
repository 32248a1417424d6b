// One module with all misdeeds of plugins that mean harm, a row each; the configuration names the row.
#include "hostile_plugins/misdeeds.hpp"

namespace hostile {
namespace {

const bp_plugin* create(const bp_host* host, const char*, bp_bytes config) {
  if (bad::chosen({&bad::kGood, 1}, config) != nullptr) return bad::create(host, bad::kGood);
  for (const auto& rows : {ends(), reach(), connection(), floods()}) {
    const Misdeed* misdeed = bad::chosen(rows, config);
    if (misdeed != nullptr) return bad::create(host, *misdeed);
  }
  return nullptr;
}

}  // namespace
}  // namespace hostile

BAD_PLUGIN(BP_ABI_VERSION, hostile::create);
