CREATE TABLE IF NOT EXISTS OldValues (
    MRN varchar(64) NOT NULL,
    PlanID smallint unsigned NOT NULL,
    Recomputation int NOT NULL,
    Number int NOT NULL,
    TableName varchar(64) NOT NULL,
    RowName mediumtext NOT NULL,
    ColumnName varchar(64) NOT NULL,
    Value mediumtext,
    PRIMARY KEY (MRN, PlanID, Recomputation, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */;
