\set n random(0, 19999)
select c.json from peer.ids i join employees_v1.current c on c.id = i.id where i.n = :n;
