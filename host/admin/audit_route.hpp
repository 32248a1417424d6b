// GET /api/v1/audit: who logged in, was refused, logged out or changed a user, newest first. For admins.
#pragma once

#include "http/route.hpp"
#include "store/store_thread.hpp"

namespace backplane::admin {

// Query: `count` (1 to kAuditPageMax, default 100) and `before` (an id: only older lines). `store` must outlive it.
http::Route audit_route(store::StoreThread& store);

}  // namespace backplane::admin
