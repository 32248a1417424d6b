// Every stored input through its target, in every build: what fuzzing once found stays found.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "fuzz/targets.hpp"
#include "unit/link/samples.hpp"

namespace backplane::fuzz {
namespace {

struct Target {
  const char* name;
  void (*run)(std::string_view);
};

class Replay : public testing::TestWithParam<Target> {};

TEST_P(Replay, S23_TheCorpusBreaksNoPromise) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(BACKPLANE_CORPUS) + "/" + GetParam().name)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string input{std::istreambuf_iterator<char>(file), {}};
    ASSERT_TRUE(file) << entry.path();
    GetParam().run(input);
    ++files;
  }
  EXPECT_GT(files, 5);
}

// A message that is added to the table is fuzzed from its first day: its sample is part of the corpus.
TEST(FrameCorpus, HasEveryMessageWholeAndCutAtEveryPlace) {
  for (const link::Message& message : link::sample_messages()) {
    const std::string payload = link::payload_of(message);
    for (std::size_t size = 0; size <= payload.size(); ++size) {
      std::string input;
      link::write_frame_head(
          {static_cast<std::uint32_t>(size), static_cast<std::uint16_t>(message.code), 0, message.id}, input);
      frame(input + payload.substr(0, size));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, Replay,
                         testing::Values(Target{"head_check", head_check}, Target{"target", target},
                                         Target{"urlencoded", urlencoded}, Target{"multipart", multipart},
                                         Target{"json_fields", json_fields}, Target{"chunked", chunked},
                                         Target{"token", token}, Target{"frame", frame}),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace backplane::fuzz
