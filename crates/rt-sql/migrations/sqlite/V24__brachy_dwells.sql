CREATE TABLE BrachyDwells (
    MRN varchar(64) NOT NULL CHECK (length(MRN) <= 64),
    PlanID smallint unsigned NOT NULL,
    Number int NOT NULL,
    SetupNumber int NOT NULL,
    ChannelNumber int NOT NULL,
    Dwell int NOT NULL,
    Position_mm double,
    X_mm double,
    Y_mm double,
    Z_mm double,
    Time_s double,
    PRIMARY KEY (MRN, PlanID, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
);
