#include "http/body/multipart.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "http/limits.hpp"

namespace backplane::http {
namespace {

class Recorder final : public PartSink {
 public:
  base::Checked<void> on_part(const PartHead& head) override {
    text += "[" + head.name;
    if (head.filename) text += "," + *head.filename;
    for (const exchange::Header& header : head.headers) {
      if (header.name == "Content-Type") text += "," + std::string(header.value);
    }
    text += "]";
    return {};
  }
  base::Checked<void> on_part_data(std::string_view data) override {
    EXPECT_FALSE(data.empty());
    text += data;
    return refuse_data ? base::Checked<void>(base::problem(base::Error::kTooLarge, "full")) : base::Checked<void>();
  }
  base::Checked<void> on_part_end() override {
    text += "[end]";
    return {};
  }
  std::string text;
  bool refuse_data = false;
};

// Feeds `body` in pieces of `size` bytes, each in memory of its own.
std::string read(std::string_view body, std::size_t size = std::string::npos, std::string_view boundary = "XX") {
  Recorder recorder;
  MultipartParser parser(boundary, recorder);
  while (!body.empty()) {
    const std::string piece(body.substr(0, size));
    body.remove_prefix(piece.size());
    if (!parser.feed(piece)) return "refused";
  }
  return parser.finish() ? recorder.text : "refused";
}

const std::string kName = "Content-Disposition: form-data; name=\"a\"\r\n";

const std::string kUpload =
    "--XX\r\n" + kName +
    "\r\nplain\r\n"
    "--XX\r\nContent-Disposition: form-data; name=\"up\\\"file\"; filename=\"C:\\dir\\x;y.bin\"\r\n"
    "Content-Type: application/octet-stream\r\n\r\n"
    "\r\n--X\r\n--\r\r\n\r\n--XY--XX\r\n-\r\n\r\n"
    "--XX\r\n" +
    kName + "\r\n\r\n--XX--\r\nepilogue";
const std::string kUploadEvents =
    "[a]plain[end][up\"file,C:\\dir\\x;y.bin,application/octet-stream]\r\n--X\r\n--\r\r\n\r\n--XY--XX\r\n-\r\n[end]"
    "[a][end]";

TEST(Multipart, ReadsFieldsFilesAndEmptyParts) {
  EXPECT_EQ(read(kUpload), kUploadEvents);
}

TEST(Multipart, S24_SplitAtEveryByteBoundaryGivesTheSame) {
  for (std::size_t cut = 0; cut <= kUpload.size(); ++cut) {
    Recorder recorder;
    MultipartParser parser("XX", recorder);
    const std::string first = kUpload.substr(0, cut);
    const std::string second = kUpload.substr(cut);
    ASSERT_TRUE(parser.feed(first)) << cut;
    ASSERT_TRUE(parser.feed(second)) << cut;
    ASSERT_TRUE(parser.finish()) << cut;
    ASSERT_EQ(recorder.text, kUploadEvents) << cut;
  }
  for (std::size_t size = 1; size < 20; ++size) EXPECT_EQ(read(kUpload, size), kUploadEvents) << size;
}

TEST(Multipart, S24_DataFullOfHalfBoundariesComesThroughInAnyPieces) {
  std::mt19937 random(24);
  const std::string_view alphabet = "\r\n-X";
  for (int round = 0; round < 300; ++round) {
    std::string data;
    for (std::size_t i = 0; i < 200; ++i) data += alphabet[random() % alphabet.size()];
    while (data.find("\r\n--XX") != std::string::npos) data.replace(data.find("\r\n--XX"), 6, "y");
    const std::string body = "--XX\r\n" + kName + "\r\n" + data + "\r\n--XX--";
    const std::string expected = "[a]" + data + "[end]";
    EXPECT_EQ(read(body), expected);
    EXPECT_EQ(read(body, 1 + random() % 12), expected);
  }
}

TEST(Multipart, S24_MalformedBodiesAreRefusedWholeOrCut) {
  const std::vector<std::string> bad = {
      "",
      "--XX",
      "--XX\r\n" + kName + "\r\ndata",
      "--XX\r\n" + kName + "\r\ndata\r\n--XX",
      "--XX\r\n" + kName + "\r\ndata\r\n--XX-",
      "--XX\r\n" + kName + "\r\ndata\n--XX--",
      "--XX\r\nContent-Disposition form-data\r\n\r\n\r\n--XX--",  // no colon
      "--XX\r\n: form-data\r\n\r\n\r\n--XX--",
      "--XX\r\n\r\n\r\n--XX--",
      "--XX\r\nX: y\r\n\r\n\r\n--XX--",
      "--XX\r\nContent-Disposition: form-data\r\n\r\n\r\n--XX--",
      "--XX\r\nContent-Disposition: attachment; name=a\r\n\r\n\r\n--XX--",
      "--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\n\r\n--XX--",
      "--XX\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n\r\n--XX--",
      "--XX\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\n\r\n--XX--",
      "--XX\r\n" + kName + kName + "\r\n\r\n--XX--",
      "--XX\r\n" + kName + " folded\r\n\r\n\r\n--XX--",
      "--XX\r\n" + kName + "X: a\rb\r\n\r\n\r\n--XX--",
      "--XX\n" + kName + "\r\n\r\n--XX--",
      "--XX\r\n" + kName + "Content-Transfer-Encoding: base64\r\n\r\n\r\n--XX--",
      "--XX \r\n" + kName + "\r\n\r\n--XX--",
      "--XXX\r\n" + kName + "\r\n\r\n--XXX--",
      "--XX\r\n" + kName + "X: " + std::string(5000, 'x') + "\r\n\r\n\r\n--XX--",
      std::string(2000, 'p') + "\r\n--XX\r\n" + kName + "\r\n\r\n--XX--",
  };
  for (const std::string& body : bad) {
    EXPECT_EQ(read(body), "refused") << body;
    EXPECT_EQ(read(body, 1), "refused") << body;
    EXPECT_EQ(read(body, 3), "refused") << body;
  }
}

TEST(Multipart, TooManyPartsOrHeadersAreRefused) {
  std::string many;
  for (std::size_t i = 0; i < limits::kFieldsMax; ++i) many += "--XX\r\n" + kName + "\r\n\r\n";
  EXPECT_NE(read(many + "--XX--"), "refused");
  EXPECT_EQ(read(many + "--XX\r\n" + kName + "\r\n\r\n--XX--"), "refused");
  std::string headers;
  for (int i = 0; i < 16; ++i) headers += "X: y\r\n";
  EXPECT_EQ(read("--XX\r\n" + kName + headers + "\r\n\r\n--XX--"), "refused");
}

TEST(Multipart, ASinkThatRefusesStopsTheParserForGood) {
  Recorder recorder;
  recorder.refuse_data = true;
  MultipartParser parser("XX", recorder);
  const auto fed = parser.feed(kUpload);
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().code, base::Error::kTooLarge);
  EXPECT_FALSE(parser.feed("--XX--"));
  EXPECT_FALSE(parser.finish());
}

TEST(Multipart, TheBoundaryFollowsRfc2046) {
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=----WebKitFormBoundary7MA4").value(),
            "----WebKitFormBoundary7MA4");
  EXPECT_EQ(multipart_boundary("multipart/form-data; charset=utf-8; Boundary=\"a b:c\"").value(), "a b:c");
  EXPECT_TRUE(multipart_boundary("multipart/form-data; boundary=" + std::string(70, 'b')));
  for (const std::string& type :
       {std::string("multipart/form-data"), std::string("multipart/form-data; boundary="),
        std::string("multipart/form-data; boundary=\"a\" x"), std::string("multipart/form-data; boundary=\"a"),
        std::string("multipart/form-data; boundary=a@b"), std::string("multipart/form-data; boundary=\"a \""),
        std::string("multipart/form-data; boundary=a; boundary=b"),
        "multipart/form-data; boundary=" + std::string(71, 'b')}) {
    EXPECT_FALSE(multipart_boundary(type)) << type;
  }
}

}  // namespace
}  // namespace backplane::http
