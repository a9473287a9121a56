-- PATCH of random employees: one in four changes the name, the others the role, always to a new value.
package.path = os.getenv("BENCH_LOAD") .. "/?.lua;" .. package.path
local common = require("common")
setup = common.setup

function init(args)
    common.seed(thread_number)
    ids = common.ids()
    headers = common.headers()
    headers["Content-Type"] = "application/json"
    run = os.time() .. "-" .. thread_number
    count = 0
end

function request()
    count = count + 1
    local field = count % 4 == 0 and "name" or "role"
    local value = field == "name" and "Alex Ramirez " or "Engineer "
    local body = '{"' .. field .. '":"' .. value .. run .. "-" .. count .. '"}'
    return wrk.format("PATCH", "/api/v1/employee/" .. ids[math.random(#ids)], headers, body)
end
