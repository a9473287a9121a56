-- The least that a request can be: what the HTTP server alone costs. As in read.lua the request is made beforehand.
function init(args)
    healthz = wrk.format("GET", "/healthz")
end

function request()
    return healthz
end
