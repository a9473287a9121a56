\set n random(0, 19999)
select c.json from peer.ids i join peer.employees c on c.id = i.id where i.n = :n;
