#include "net/body_delivery.hpp"

#include <string>

namespace backplane::net {

using base::Checked;
using base::Error;
using base::problem;

Checked<std::unique_ptr<BodyDelivery>> BodyDelivery::make(http::BodyReader& reader, const http::Route& route,
                                                          const exchange::Request& request, op::Operation& operation) {
  std::unique_ptr<BodyDelivery> delivery(new BodyDelivery(reader, operation));
  if (route.body == http::BodyKind::kParts) {
    auto boundary = http::multipart_boundary(request.header("Content-Type"));
    if (!boundary) return boundary.error();
    delivery->multipart_ = std::make_unique<http::MultipartParser>(*boundary, delivery->parts_);
  }
  return delivery;
}

Checked<std::size_t> BodyDelivery::deliver(std::string_view received) {
  std::size_t used = 0;
  while (!finished_) {
    const std::size_t credit = operation_.receive_credit();
    if (credit == 0 && !reader_.finished()) break;
    const http::BodyReader::Step step = reader_.read(received.substr(used, credit));
    if (step.refusal) {
      const Error error = step.refusal.status == 413 ? Error::kTooLarge : Error::kInvalid;
      return problem(error, std::string(step.refusal.text));
    }
    used += step.consumed;
    finished_ = reader_.finished();
    if (!multipart_) {
      if (!step.data.empty() || finished_) operation_.deliver(op::DataKind::kBytes, step.data, finished_);
    } else {
      if (auto fed = multipart_->feed(step.data); !fed) return fed.error();
      if (finished_) {
        if (auto complete = multipart_->finish(); !complete) return complete.error();
        operation_.deliver(op::DataKind::kBytes, {}, true);
      }
    }
    if (step.consumed == 0) break;
  }
  return used;
}

Checked<void> BodyDelivery::Parts::on_part(const http::PartHead& head) {
  op::PartHead part{head.name, head.filename, {}};
  for (const exchange::Header& header : head.headers) {
    if (exchange::same_name(header.name, "Content-Type")) part.content_type = header.value;
  }
  operation.deliver_part(part);
  return {};
}

Checked<void> BodyDelivery::Parts::on_part_data(std::string_view data) {
  operation.deliver(op::DataKind::kBytes, data, false);
  return {};
}

}  // namespace backplane::net
