// The rules that hide credentials where the configuration names none. They rather hide too much than too little: a
// value goes on to its closing quote, or to the next blank where it has none, and a header to the end of its line.
#include "log-stream/masks.hpp"

namespace backplane::log_stream {
namespace {

// A key that holds a credential, with what may stand around it (db_password, userPass, secret_key, PGPASSWORD). "pass"
// and "pwd" are parts of too many words to be looked for inside of one.
constexpr const char* kKey =
    R"((?:passwd|password|passphrase|passcode|secret|token|(?:api|access|private)[-_]?key|userpass)"
    R"(|(?:\b|[_0-9]|[a-z](?-i:P))pass|(?:\b|[_0-9])(?:pwd|pw|psk|session[-_]?id)))"
    R"((?:[-_]?(?:key|value|hash|string|confirm(?:ation)?|access[-_]?key))?[0-9]*)";

// Between a key and its value: the key's closing quote or bracket, colours, and one of : = := == =>.
constexpr const char* kSeparator = R"(["'\\\]]*(?:\x1b\[[0-9;]*m)?[ \t]*(?:=>|[:=]{1,3})[ \t]*(?:\x1b\[[0-9;]*m)?)";

// What looks like a key and is none: PAM's name of the program passwd, and the directory in sudo's lines.
constexpr const char* kHarmless = R"(pam_\w+\(passwd:|\b(?-i:PWD)=[/~][^\s;]*)";

// What may stand before a quoted value: b"…" of Python, Some("…") of Rust, ["…"] of Go's headers.
constexpr const char* kWrapping = R"([\w(\[{&]{0,8})";

// One word of a command line, with its quotes.
constexpr const char* kWord = R"((?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s"'])+)";

std::string key_and(const std::string& value) {
  return std::string("(?is)") + kHarmless + "|" + kKey + kSeparator + value;
}

std::vector<std::string> keys_and_values() {
  const std::string wrapping = kWrapping;
  return {
      // A quote with a letter behind it closes nothing: it is a part of a value that was not escaped.
      key_and(wrapping + R"(\\*"((?:[^"\\]|\\.|"\w)+))"),
      key_and(wrapping + R"(\\*'((?:[^'\\]|\\.|'\w)+))"),
      // Without quotes; what has them is passed over, since the rules above have seen to it.
      key_and(R"((?:\\*["']|(\\*[^\s"'\\]\S*)))"),
  };
}

std::vector<std::string> headers() {
  const std::string authorization = R"((?i)authorization["'\\]*\s*[:=]\s*["'\\\[]*)";
  return {
      authorization + R"((?:digest|hawk|oauth|mutual|aws4[-\w]*|scram[-\w]*)[ \t]+([^\n]+))",
      authorization + R"((?:(?:basic|bearer|token|negotiate|ntlm|apikey|dpop)[ \t]+)?([^\s"'\\,;\]}]+))",
      // The same without the header's name; long enough or padded, so that "basic authentication" stays.
      R"((?i)\bbearer[ \t]+([\w.~+/=-]{16,}))",
      R"((?i)\bbasic[ \t]+([a-z0-9+/]{6,}={1,2}))",
      R"((?i)x-kvmd-passwd[ \t]*:[ \t]*([^\n]+))",
      R"((?i)cookie["'\\]*[ \t]*:[ \t]*["'\\\[]*([^\s=;"']+=[^\n"']*))",
  };
}

std::vector<std::string> command_lines() {
  const std::string word = kWord;
  const std::string secret = "(" + word + ")";
  return {
      R"((?is)(?:^|\s)--(?:[a-z0-9]+-)*(?:user-?)?(?:pass|passwd|password|passphrase|secret|token|api-?key)(?:=|\s+))" +
          secret,
      // "-p x" alone is a directory or a port as well; it is a password after a miner's name and beside a user or a
      // pool (which, other than the "-o" of ssh, has no "=").
      R"((?is)miner[-\w.]*["']?(?:\s[^\n]*?)?\s-p\s*)" + secret,
      R"((?is)(?:^|\s)(?:-u\s+)" + word + R"(|-o\s+[^\s=]+)\s+-p\s+)" + secret,
      R"((?is)(?:^|\s)-p\s+)" + secret + R"(\s+(?:-u\s|-o\s+[^\s=]+(?:\s|$)))",
      R"((?:^|\s)-O\s+["']?([^\s:/]+:[^\s/]\S*))",
  };
}

std::vector<std::string> all() {
  // As cgminer writes its pools where none answers; a password may hold blanks there.
  std::vector<std::string> rules{R"(User: .*?Password: ([^\n]+))"};
  const auto add = [&rules](const std::vector<std::string>& more) {
    rules.insert(rules.end(), more.begin(), more.end());
  };
  add(headers());
  add(keys_and_values());
  add(command_lines());
  // https://user:password@host, and https://token@host.
  rules.emplace_back(R"(://[^\s/?#:]*:([^\s/?#]+)@)");
  rules.emplace_back(R"(://([^\s/?#:@]{20,})@)");
  // Elements of XML, and the arguments of a command as a list.
  rules.emplace_back(R"((?i)<(?:pass|passwd|password|passphrase|secret|token|psk)>([^<]+))");
  rules.emplace_back(R"((?i)["']--?(?:pass|passwd|password|passphrase|secret|token|api-?key)["'],\s*["']([^"']+))");
  // Private keys (RFC 7468): all between their two lines.
  rules.emplace_back(R"((?s)-----BEGIN [A-Z ]*PRIVATE KEY-----([^-]+))");
  // JSON Web Tokens: their header is a JSON object, which always begins so.
  rules.emplace_back(R"((eyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*){1,3}))");
  return rules;
}

}  // namespace

const std::vector<std::string>& Masks::defaults() {
  static const std::vector<std::string> rules = all();
  return rules;
}

}  // namespace backplane::log_stream
