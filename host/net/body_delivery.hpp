// Hands a request's body to the operation that asked for it, as it comes and only under credit.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "exchange/request.hpp"
#include "http/body/body_reader.hpp"
#include "http/body/multipart.hpp"
#include "http/route.hpp"
#include "op/operation.hpp"

namespace backplane::net {

class BodyDelivery {
 public:
  // A Problem where a body of parts names no usable boundary.
  static base::Checked<std::unique_ptr<BodyDelivery>> make(http::BodyReader& reader, const http::Route& route,
                                                           const exchange::Request& request, op::Operation& operation);

  // Delivers from the front of `received` what there is credit for; returns how many bytes are done with. A Problem
  // where the body is malformed or too large: the connection must then be closed.
  base::Checked<std::size_t> deliver(std::string_view received);

  bool finished() const { return finished_; }
  // More bytes are wanted and there is room for them.
  bool hungry() const { return !finished_ && operation_.receive_credit() > 0; }

 private:
  // Passes the parts on to the operation.
  struct Parts final : http::PartSink {
    explicit Parts(op::Operation& operation) : operation(operation) {}
    base::Checked<void> on_part(const http::PartHead& head) override;
    base::Checked<void> on_part_data(std::string_view data) override;
    base::Checked<void> on_part_end() override { return {}; }
    op::Operation& operation;
  };

  BodyDelivery(http::BodyReader& reader, op::Operation& operation)
      : reader_(reader), operation_(operation), parts_(operation) {}

  http::BodyReader& reader_;
  op::Operation& operation_;
  Parts parts_;
  std::unique_ptr<http::MultipartParser> multipart_;
  bool finished_ = false;
};

}  // namespace backplane::net
