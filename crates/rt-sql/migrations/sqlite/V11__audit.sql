CREATE TABLE Audit (
    AuditID integer PRIMARY KEY AUTOINCREMENT,
    RecordedAt_UTC datetime NOT NULL,
    Who varchar(255) NOT NULL CHECK (length(Who) <= 255),
    Host varchar(255) NOT NULL CHECK (length(Host) <= 255),
    Version varchar(64) NOT NULL CHECK (length(Version) <= 64),
    Action varchar(64) NOT NULL CHECK (length(Action) <= 64),
    MRN varchar(64) NOT NULL CHECK (length(MRN) <= 64),
    PlanID smallint unsigned NOT NULL,
    Reason mediumtext NOT NULL
);
CREATE TRIGGER Audit_no_update BEFORE UPDATE ON Audit BEGIN
    SELECT RAISE(ABORT, 'Audit is append-only');
END;
CREATE TRIGGER Audit_no_delete BEFORE DELETE ON Audit BEGIN
    SELECT RAISE(ABORT, 'Audit is append-only');
END;
