CREATE TABLE Audit (
    AuditID integer PRIMARY KEY AUTOINCREMENT,
    RecordedAt_UTC datetime NOT NULL,
    Who text NOT NULL,
    Action text NOT NULL,
    JobID integer NOT NULL,
    Reason text NOT NULL
);
CREATE TRIGGER Audit_no_update BEFORE UPDATE ON Audit BEGIN
    SELECT RAISE(ABORT, 'Audit is append-only');
END;
CREATE TRIGGER Audit_no_delete BEFORE DELETE ON Audit BEGIN
    SELECT RAISE(ABORT, 'Audit is append-only');
END;
