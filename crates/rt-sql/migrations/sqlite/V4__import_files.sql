CREATE TABLE ImportFiles (
    MRN varchar(64) NOT NULL CHECK (length(MRN) <= 64),
    PlanID smallint unsigned NOT NULL,
    Number int NOT NULL,
    Role varchar(16) NOT NULL CHECK (length(Role) <= 16),
    SOPInstanceUID varchar(255) NOT NULL CHECK (length(SOPInstanceUID) <= 255),
    Path mediumtext,
    FirstSeen_UTC datetime NOT NULL,
    PRIMARY KEY (MRN, PlanID, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
);
CREATE INDEX ImportFiles_UID ON ImportFiles (SOPInstanceUID);
