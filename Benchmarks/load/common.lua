-- What the loads share: the ids to draw from, a token, and a random seed for each thread.
local M = {}

function M.ids()
    local ids = {}
    for line in io.lines(os.getenv("BENCH_IDS")) do ids[#ids + 1] = line end
    return ids
end

local threads = 0

function M.setup(thread)
    threads = threads + 1
    thread:set("thread_number", threads)
end

function M.headers()
    return { ["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN") }
end

-- Each thread of each run draws different numbers. The first draws are skipped: neighbouring seeds start with similar ones.
function M.seed(thread_number)
    math.randomseed(os.time() * 16 + thread_number)
    for _ = 1, 16 do math.random() end
end

return M
