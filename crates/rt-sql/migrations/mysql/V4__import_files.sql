CREATE TABLE IF NOT EXISTS ImportFiles (
    MRN varchar(64) NOT NULL,
    PlanID smallint unsigned NOT NULL,
    Number int NOT NULL,
    Role varchar(16) NOT NULL,
    SOPInstanceUID varchar(255) NOT NULL,
    Path mediumtext,
    FirstSeen_UTC datetime NOT NULL,
    PRIMARY KEY (MRN, PlanID, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID),
    KEY ImportFiles_UID (SOPInstanceUID)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */;
