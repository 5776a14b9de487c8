CREATE TABLE readings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sensor TEXT NOT NULL,
    value DOUBLE NOT NULL,
    recorded_at_ms BIGINT NOT NULL -- milliseconds since 1970-01-01T00:00Z
);
CREATE INDEX readings_by_sensor ON readings (sensor, id);
