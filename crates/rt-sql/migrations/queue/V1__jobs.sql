CREATE TABLE Jobs (
    JobID integer PRIMARY KEY AUTOINCREMENT,
    CreatedAt_UTC datetime NOT NULL,
    Node text NOT NULL,
    Title text NOT NULL,
    Facts text NOT NULL,
    HoldReason text,
    ReleasedBy text,
    ReleasedAt_UTC datetime
);
