#include "http/body/body_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/malformed_requests.hpp"

namespace backplane::http {
namespace {

Head chunked() {
  Head head;
  head.framing = Framing::kChunked;
  return head;
}
Head length(std::uint64_t bytes) {
  Head head;
  head.framing = Framing::kLength;
  head.body_bytes = bytes;
  return head;
}

struct Outcome {
  std::string data;
  std::string rest;
  bool finished = false;
  int status = 0;
};

// Reads all of `input`, handed over in pieces of `size` bytes, each in memory of its own.
Outcome read(const Head& head, std::string_view input, std::size_t size = std::string::npos,
             std::uint64_t bytes_max = 1000) {
  BodyReader reader(head, bytes_max);
  Outcome outcome;
  while (!input.empty() && !reader.finished()) {
    const std::string piece(input.substr(0, size));
    std::size_t taken = 0;
    while (taken < piece.size() && !reader.finished()) {
      const BodyReader::Step step = reader.read(std::string_view(piece).substr(taken));
      taken += step.consumed;
      outcome.data += step.data;
      outcome.status = step.refusal.status;
      if (step.refusal) return outcome;
    }
    input.remove_prefix(taken);
  }
  outcome.finished = reader.finished();
  outcome.rest = input;
  return outcome;
}

TEST(BodyReader, ABodyOfALengthEndsThere) {
  const Outcome outcome = read(length(5), "helloGET /");
  EXPECT_EQ(outcome.data, "hello");
  EXPECT_TRUE(outcome.finished);
  EXPECT_EQ(outcome.rest, "GET /");
  EXPECT_FALSE(read(length(5), "hell").finished);
  EXPECT_TRUE(read(length(0), "").finished);
  EXPECT_TRUE(read(Head{}, "GET /").finished);
}

TEST(BodyReader, ChunksAreJoinedInWhateverPiecesTheyCome) {
  const std::string body =
      "5\r\nhello\r\n00A;ext=\"a b\";x\r\n, chunked \r\n1\r\n\r\r\n0;last\r\nX-Trailer: gone\r\nContent-Length: "
      "9\r\n\r\n";
  for (std::size_t size = 1; size <= body.size() + 4; ++size) {
    const Outcome outcome = read(chunked(), body + "NEXT", size);
    EXPECT_EQ(outcome.status, 0) << size;
    EXPECT_TRUE(outcome.finished) << size;
    EXPECT_EQ(outcome.data, "hello, chunked \r") << size;
    EXPECT_EQ(outcome.rest, "NEXT") << size;
  }
}

TEST(BodyReader, S32_MalformedChunksAreRefused) {
  for (const std::string& body : support::malformed_chunks()) {
    EXPECT_EQ(read(chunked(), body).status, 400) << body;
    EXPECT_EQ(read(chunked(), body, 1).status, 400) << body;
  }
}

TEST(BodyReader, S25_ABodyOverTheLimitIsRefusedAsSoonAsItIsKnown) {
  EXPECT_EQ(read(length(1001), "x").status, 413);
  EXPECT_EQ(read(length(1000), "x").status, 0);
  const Outcome late = read(chunked(), "3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\ny");
  EXPECT_EQ(late.status, 413);
  EXPECT_EQ(late.data.size(), 1000U);
  EXPECT_EQ(read(chunked(), "ffffffffffffffff\r\n").status, 413);
  EXPECT_EQ(read(chunked(), "1\r\nx\r\nffffffffffffffff\r\n", 1, 0xffffffffffffffff).status, 413);
}

TEST(BodyReader, TheLimitCanBeRaisedOnceTheRouteIsKnown) {
  BodyReader reader(length(10), 4);
  reader.set_limit(10);
  const BodyReader::Step step = reader.read("0123456789");
  EXPECT_FALSE(step.refusal);
  EXPECT_TRUE(step.finished);
  EXPECT_EQ(reader.received(), 10U);
}

TEST(BodyReader, AfterARefusalNothingIsTaken) {
  BodyReader reader(chunked(), 100);
  EXPECT_TRUE(reader.read("zz").refusal);
  const BodyReader::Step step = reader.read("5\r\nhello");
  EXPECT_TRUE(step.refusal);
  EXPECT_EQ(step.consumed, 0U);
  EXPECT_EQ(step.data, "");
}

}  // namespace
}  // namespace backplane::http
